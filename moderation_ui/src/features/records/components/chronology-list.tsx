import { Moment } from "@/components/moment-text";
import { StateChip } from "@/components/tone-chip";
import type { ChronologyEntry } from "@/lib/api-types";
import { dayOf } from "@/lib/dates";
import styles from "./chronology-list.module.css";

/** The student's story by when things happened, newest first; what was written down late says so. */
export function ChronologyList({ entries }: { entries: ChronologyEntry[] }) {
  if (entries.length === 0) return <p className={styles.soft}>Nothing has been recorded yet.</p>;
  return (
    <ol className={styles.list} reversed>
      {[...entries].reverse().map((entry) => (
        <li
          key={entry.id}
          className={`${styles.entry} ${entry.kind === "behaviour" ? "" : styles.own}`}
          data-testid="chronology-entry"
          data-kind={entry.kind}
        >
          <p className={styles.soft}>
            {entry.kind === "behaviour" ? <time dateTime={entry.at}>{dayOf(entry.at)}</time> : <Moment at={entry.at} />}
            {entry.by && ` · ${entry.by}`}
          </p>
          <h3>
            {entry.title} {entry.late_entry && <StateChip tone="warn">Late entry</StateChip>}
          </h3>
          {entry.detail && <p className={styles.detail}>{entry.detail}</p>}
          {entry.late_entry && entry.recorded_at && (
            <p className={styles.soft}>
              Written down <Moment at={entry.recorded_at} />
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
