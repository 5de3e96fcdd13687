import { useQuery } from "@tanstack/react-query";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { sentence } from "@/lib/api-client";
import { timeWithSeconds } from "@/lib/dates";
import { useRefetchInterval } from "@/lib/live-state";
import { queueQuery } from "../api/get-queue";
import type { ClaimDesk } from "../use-claim";
import styles from "./queue-list.module.css";
import { QueueRow } from "./queue-row";

/** The live queue in the order in which it will be handed out. */
export function QueueList({ desk }: { desk: ClaimDesk }) {
  const queue = useQuery({ ...queueQuery, refetchInterval: useRefetchInterval() });
  const items = queue.data?.items ?? [];
  const counts = queue.data?.counts;
  const unfinished = desk.claim ? undefined : items.find((item) => item.claimed_by_me);
  return (
    <section className={styles.column} aria-labelledby="queue-title">
      <div className={styles.head}>
        <h1 id="queue-title" className={styles.title}>
          Live queue {counts && <span className={styles.counts}>{`${counts.queued} waiting · ${counts.claimed} in review`}</span>}
        </h1>
        {!desk.claim && unfinished && (
          <ActionButton tone="primary" hint="Enter" onPress={() => void desk.take(unfinished.event_id)}>
            Resume your event
          </ActionButton>
        )}
        {!desk.claim && !unfinished && (
          <ActionButton
            tone="primary"
            hint="Enter"
            data-testid="claim-next"
            isDisabled={desk.isBusy}
            onPress={() => void desk.takeNext()}
          >
            Claim next
          </ActionButton>
        )}
        {queue.isError && (
          <Banner tone="danger">
            {sentence(queue.error)}{" "}
            {queue.dataUpdatedAt > 0 && `The list below is from ${timeWithSeconds(queue.dataUpdatedAt)}.`}
          </Banner>
        )}
      </div>
      {queue.isPending && <p className={styles.empty}>Fetching the queue…</p>}
      {queue.isSuccess && items.length === 0 && (
        <p className={styles.empty}>Nothing is waiting. New events appear here by themselves.</p>
      )}
      <ol className={styles.list} aria-label="Waiting events">
        {items.map((item) => (
          <QueueRow
            key={item.event_id}
            item={item}
            isCurrent={desk.claim?.event_id === item.event_id}
            isBusy={desk.isBusy}
            onTake={(eventId) => void desk.take(eventId)}
          />
        ))}
      </ol>
    </section>
  );
}
