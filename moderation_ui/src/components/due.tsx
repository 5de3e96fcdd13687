import { countdown, secondsBetween, span } from "@/lib/dates";
import { useNow } from "@/lib/now";
import styles from "./due.module.css";

const SOON_S = 120;

/** Time left until a deadline, or how long it has been over; in words as well as colour. */
export function Due({ at, verb = "due" }: { at: string; verb?: string }) {
  const left = secondsBetween(new Date(useNow()).toISOString(), at);
  if (left < 0) return <span className={`${styles.due} ${styles.over}`}>overdue by {span(-left)}</span>;
  return (
    <span className={`${styles.due} ${left < SOON_S ? styles.soon : ""}`}>
      {verb} in {countdown(left)}
    </span>
  );
}
