import { useLiveState } from "@/lib/live-state";
import styles from "./live-badge.module.css";

const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting – asking every 5 s",
  "signed-out": "Signed out",
};

/** Whether what is on screen changes by itself. Never silently stale. */
export function LiveBadge() {
  const state = useLiveState();
  return (
    <span className={`${styles.badge} ${state === "live" ? styles.live : styles.broken}`} role="status" data-testid="live-state" data-state={state}>
      <span className={styles.dot} aria-hidden="true" />
      {WORDS[state]}
    </span>
  );
}
