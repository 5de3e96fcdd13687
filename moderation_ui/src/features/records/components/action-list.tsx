import { useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Moment } from "@/components/moment-text";
import { StateChip } from "@/components/tone-chip";
import type { ConcernAction } from "@/lib/api-types";
import { dayOf, toLocalInput } from "@/lib/dates";
import { completeAction } from "../api/complete-action";
import styles from "./concern-card.module.css";
import { TextForm } from "./text-form";

/** What was agreed, who does it, by when, and whether it is done. */
export function ActionList({ actions, onChanged }: { actions: ConcernAction[]; onChanged: () => Promise<unknown> }) {
  const [finishing, setFinishing] = useState<ConcernAction | null>(null);
  return (
    <>
      <ul className={styles.actions} aria-label="Actions">
        {actions.map((action) => (
          <li key={action.id} className={styles.action}>
            <span>
              {action.what}
              <br />
              <Who action={action} />
            </span>
            {action.done_at ? (
              <StateChip tone="good">Done</StateChip>
            ) : (
              <ActionButton aria-label={`Mark as done: ${action.what}`} onPress={() => setFinishing(action)}>
                Mark as done
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      {finishing && (
        <TextForm
          title="Mark as done"
          submitLabel="Mark as done"
          label="What was done"
          intro={finishing.what}
          send={(text) => completeAction(finishing.id, text)}
          onSaved={onChanged}
          onClose={() => setFinishing(null)}
        />
      )}
    </>
  );
}

function Who({ action }: { action: ConcernAction }) {
  const isLate = !action.done_at && action.due_on !== null && action.due_on < toLocalInput(new Date()).slice(0, 10);
  return (
    <span className={styles.soft}>
      {action.owner_name}
      {action.done_at ? (
        <>
          {" · done "}
          <Moment at={action.done_at} />
        </>
      ) : (
        action.due_on && (
          <span className={isLate ? styles.late : ""}>
            {" · "}
            {isLate ? "overdue, was due" : "due"} {dayOf(action.due_on)}
          </span>
        )
      )}
    </span>
  );
}
