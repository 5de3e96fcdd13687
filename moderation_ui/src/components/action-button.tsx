import type { ReactNode } from "react";
import { Button, type ButtonProps } from "react-aria-components";
import styles from "./action-button.module.css";

interface Props extends Omit<ButtonProps, "className" | "children"> {
  tone?: "primary" | "plain" | "danger" | "quiet";
  hint?: string;
  children: ReactNode;
}

/** A button; `hint` shows the key that does the same, and is not part of its name. */
export function ActionButton({ tone = "plain", hint, children, ...rest }: Props) {
  return (
    <Button {...rest} className={`${styles.button} ${tone === "plain" ? "" : styles[tone]}`}>
      {children}
      {hint && <kbd aria-hidden="true">{hint}</kbd>}
    </Button>
  );
}
