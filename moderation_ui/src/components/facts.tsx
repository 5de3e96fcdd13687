import { Fragment, type ReactNode } from "react";
import styles from "./facts.module.css";

/** Pairs of a name and what it is; empty ones are left out. */
export function Facts({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {pairs
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
