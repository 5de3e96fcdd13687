import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { sentence } from "@/lib/api-client";
import { ActionButton } from "./action-button";
import { Banner } from "./banner";
import { DialogBox, DialogFoot } from "./dialog-box";
import styles from "./form-dialog.module.css";

interface Props {
  title: string;
  submitLabel: string;
  /** What is still wrong, or null; said when somebody tries to submit. */
  problem: string | null;
  send: () => Promise<unknown>;
  /** Called once it is saved, before the dialog closes. */
  onSaved: () => Promise<unknown> | void;
  onClose: () => void;
  children: ReactNode;
}

/** A small form in a dialog: it stays open with what was typed until the server has taken it. */
export function FormDialog({ title, submitLabel, problem, send, onSaved, onClose, children }: Props) {
  const [wasTried, setTried] = useState(false);
  const attempt = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await onSaved();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null && !attempt.isPending) attempt.mutate();
  };
  return (
    <DialogBox title={title} isOpen onClose={onClose}>
      <form className={styles.form} onSubmit={submit} noValidate>
        {children}
        {wasTried && problem !== null && <Banner tone="danger">{problem}</Banner>}
        {attempt.isError && <Banner tone="danger">{sentence(attempt.error)}</Banner>}
        <DialogFoot>
          <ActionButton tone="primary" type="submit" isDisabled={attempt.isPending}>
            {attempt.isPending ? "Saving…" : submitLabel}
          </ActionButton>
          <ActionButton onPress={onClose}>Cancel</ActionButton>
        </DialogFoot>
      </form>
    </DialogBox>
  );
}
