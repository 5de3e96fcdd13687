import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

interface Props {
  title: string;
  aside?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

/** A titled region of a page. */
export function Panel({ title, aside, className, children }: Props) {
  const id = useId();
  return (
    <section className={`${styles.panel} ${className ?? ""}`} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
