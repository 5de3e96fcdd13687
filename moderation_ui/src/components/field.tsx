// Labelled form controls with help and error tied to them. Native controls underneath: phones and screen readers
// know them best.
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import styles from "./field.module.css";

interface Frame {
  label: string;
  help?: ReactNode;
  error?: string | null | undefined;
}

function described(id: string, { help, error }: Frame) {
  const ids = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { id, "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined } as const;
}

function Shell({ id, label, help, error, children }: Frame & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {help && (
        <div className={styles.help} id={`${id}-help`}>
          {help}
        </div>
      )}
      {children}
      {error && (
        <div className={styles.error} id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

export function TextInput({ label, help, error, ...rest }: Frame & ComponentPropsWithRef<"input">) {
  const id = useId();
  return (
    <Shell id={id} label={label} help={help} error={error}>
      <input type="text" autoComplete="off" {...rest} {...described(id, { label, help, error })} className={styles.control} />
    </Shell>
  );
}

export function TextArea({ label, help, error, ...rest }: Frame & ComponentPropsWithRef<"textarea">) {
  const id = useId();
  return (
    <Shell id={id} label={label} help={help} error={error}>
      <textarea rows={4} autoComplete="off" {...rest} {...described(id, { label, help, error })} className={styles.control} />
    </Shell>
  );
}

interface Choice {
  id: string;
  label: string;
}

interface SelectProps extends Frame, ComponentPropsWithRef<"select"> {
  choices: Choice[];
  placeholder?: string;
}

export function Select({ label, help, error, choices, placeholder, ...rest }: SelectProps) {
  const id = useId();
  return (
    <Shell id={id} label={label} help={help} error={error}>
      <select {...rest} {...described(id, { label, help, error })} className={styles.control}>
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.label}
          </option>
        ))}
      </select>
    </Shell>
  );
}
