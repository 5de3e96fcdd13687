import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import styles from "./dialog-box.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** A solid veil hides the page underneath; such a dialog can only be answered, not waved away. */
  isSolid?: boolean;
  children: ReactNode;
}

/** A dialog that holds the focus while open and gives it back when closed. */
export function DialogBox({ title, isOpen, onClose, isSolid = false, children }: Props) {
  return (
    <ModalOverlay
      className={`${styles.veil} ${isSolid ? styles.solid : ""}`}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isSolid}
      isKeyboardDismissDisabled={isSolid}
    >
      <Modal className={styles.modal}>
        <Dialog className={styles.dialog}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className={styles.foot}>{children}</div>;
}
