import { Due } from "@/components/due";
import { StepChip } from "@/components/tone-chip";
import type { QueueItem } from "@/lib/api-types";
import { secondsBetween, span } from "@/lib/dates";
import { useNow } from "@/lib/now";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import styles from "./queue-list.module.css";

interface Props {
  item: QueueItem;
  isCurrent: boolean;
  isBusy: boolean;
  onTake: (eventId: string) => void;
}

/** One waiting event: no name and no text, only what decides the order. The level is the machine's guess. */
export function QueueRow({ item, isCurrent, isBusy, onTake }: Props) {
  const taxonomy = useTaxonomy();
  const isMine = isCurrent || item.claimed_by_me;
  const isTaken = item.state === "claimed" && !isMine;
  return (
    <li>
      <button
        type="button"
        data-testid="queue-row"
        data-event-id={item.event_id}
        data-state={item.state}
        className={`${styles.row} ${isMine ? styles.mine : ""}`}
        aria-current={isCurrent ? "true" : undefined}
        disabled={isTaken || isBusy || isCurrent}
        onClick={() => onTake(item.event_id)}
      >
        <StepChip step={item.severity} isGuess>
          Level {item.severity}?
        </StepChip>
        <span className={styles.clock}>
          <Due at={item.due_at} />
        </span>
        <span className={styles.theme}>{labelOf(taxonomy.themes, item.theme)}</span>
        <span className={styles.soft}>
          {item.age_band === "unknown" ? "Age unknown" : `Age ${item.age_band.replace("-", "–")}`} · {item.application} · waited{" "}
          <Waited since={item.received_at} />
          {isMine ? " · yours" : isTaken ? " · with another moderator" : ""}
        </span>
      </button>
    </li>
  );
}

function Waited({ since }: { since: string }) {
  return <span className="figures">{span(secondsBetween(since, useNow()))}</span>;
}
