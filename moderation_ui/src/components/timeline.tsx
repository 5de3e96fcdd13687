import { Fragment } from "react";
import { secondsBetween, span, timeWithSeconds } from "@/lib/dates";
import styles from "./timeline.module.css";

export interface TimelineLine {
  text: string;
  typed_at: string;
}

const GAP_S = 60;

/** Lines in the order in which they were typed; silences of a minute or more are said. */
export function Timeline({ lines, endsAt, endsWith }: { lines: TimelineLine[]; endsAt: string; endsWith: string }) {
  const ordered = [...lines].sort((a, b) => a.typed_at.localeCompare(b.typed_at));
  return (
    <ol className={styles.list}>
      {ordered.map((line, index) => {
        const before = ordered[index - 1];
        return (
          <Fragment key={`${line.typed_at}-${index}`}>
            {before && <Gap from={before.typed_at} to={line.typed_at} />}
            <li className={styles.line}>
              <time dateTime={line.typed_at}>{timeWithSeconds(line.typed_at)}</time>
              <span className={styles.text}>{line.text}</span>
            </li>
          </Fragment>
        );
      })}
      {ordered.length > 0 && <Gap from={ordered[ordered.length - 1]?.typed_at ?? endsAt} to={endsAt} />}
      <li className={`${styles.line} ${styles.here}`}>
        <time dateTime={endsAt}>{timeWithSeconds(endsAt)}</time>
        <span>{endsWith}</span>
      </li>
    </ol>
  );
}

function Gap({ from, to }: { from: string; to: string }) {
  const seconds = secondsBetween(from, to);
  return seconds < GAP_S ? null : <li className={styles.gap}>{span(seconds)} without typing here</li>;
}
