import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

interface Props {
  title: string;
  aside?: ReactNode;
  /** The only panel of a page carries the page's heading. */
  isPage?: boolean;
  children: ReactNode;
}

/** A titled region of a page. */
export function Panel({ title, aside, isPage = false, children }: Props) {
  const id = useId();
  const Title = isPage ? "h1" : "h2";
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <Title id={id}>{title}</Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
