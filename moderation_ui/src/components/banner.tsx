import type { ReactNode } from "react";
import styles from "./banner.module.css";

interface Props {
  tone: "info" | "warn" | "danger" | "good";
  children: ReactNode;
}

/** Something that must be noticed; trouble is announced at once, the rest when the reader pauses. */
export function Banner({ tone, children }: Props) {
  return (
    <div className={`${styles.banner} ${styles[tone]}`} role={tone === "danger" ? "alert" : "status"}>
      {children}
    </div>
  );
}
