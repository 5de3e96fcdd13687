import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Moment } from "@/components/moment-text";
import { StateChip, StepChip } from "@/components/tone-chip";
import type { Concern } from "@/lib/api-types";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { ActionForm } from "./action-form";
import { ActionList } from "./action-list";
import { CloseForm } from "./close-form";
import styles from "./concern-card.module.css";
import { TextForm } from "./text-form";
import { addNote } from "../api/add-note";
import { reopenConcern } from "../api/reopen-concern";

export interface ConcernParts {
  concern: Concern;
  onChanged: () => Promise<unknown>;
  /** The referrals of this concern, shown by the feature that owns them. */
  referrals: (concern: Concern, onChanged: () => Promise<unknown>) => ReactNode;
  referralForm: (concern: Concern, onSaved: () => Promise<unknown>, onClose: () => void) => ReactNode;
}

type OpenForm = "action" | "note" | "refer" | "close" | "reopen" | null;

/** One concern: what it is, what is being done, who it was sent to, and what can be added. Nothing is edited. */
export function ConcernCard(parts: ConcernParts) {
  const { concern, onChanged, referrals, referralForm } = parts;
  const taxonomy = useTaxonomy();
  const [form, setForm] = useState<OpenForm>(null);
  const close = () => setForm(null);
  const isClosed = concern.state === "closed";
  const name = `${labelOf(taxonomy.categories, concern.category)} · ${labelOf(taxonomy.themes, concern.theme)}`;
  return (
    <article className={`${styles.card} ${isClosed ? styles.closed : ""}`} aria-label={`Concern: ${name}`}>
      <header>
        <div className={styles.head}>
          <StepChip step={concern.severity}>Level {concern.severity}</StepChip>
          <h3>{name}</h3>
          <StateChip tone={isClosed ? "neutral" : "warn"}>{isClosed ? "Closed" : "Open"}</StateChip>
        </div>
        <p className={styles.soft}>
          Happened <Moment at={concern.occurred_at} /> · recorded <Moment at={concern.recorded_at} /> by{" "}
          {concern.recorded_by_name}
          {concern.alert_id && (
            <>
              {" · "}
              <Link to="/alerts/$alertId" params={{ alertId: concern.alert_id }}>
                from an alert
              </Link>
            </>
          )}
        </p>
      </header>
      <p className={styles.summary}>{concern.summary}</p>
      {concern.actions.length > 0 && <ActionList actions={concern.actions} onChanged={onChanged} />}
      {concern.referrals.length > 0 && referrals(concern, onChanged)}
      <Buttons isClosed={isClosed} onOpen={setForm} />
      {form === "action" && <ActionForm concernId={concern.id} onSaved={onChanged} onClose={close} />}
      {form === "note" && (
        <TextForm title="Add note" submitLabel="Save note" label="Note" send={(text) => addNote(concern.id, text)} onSaved={onChanged} onClose={close} />
      )}
      {form === "refer" && referralForm(concern, onChanged, close)}
      {form === "close" && <CloseForm concern={concern} onSaved={onChanged} onClose={close} />}
      {form === "reopen" && (
        <TextForm title="Reopen concern" submitLabel="Reopen" label="Why it is reopened" send={(text) => reopenConcern(concern.id, text)} onSaved={onChanged} onClose={close} />
      )}
    </article>
  );
}

function Buttons({ isClosed, onOpen }: { isClosed: boolean; onOpen: (form: OpenForm) => void }) {
  return (
    <div className={styles.buttons}>
      {!isClosed && (
        <>
          <ActionButton onPress={() => onOpen("action")}>Add action…</ActionButton>
          <ActionButton onPress={() => onOpen("refer")}>Refer…</ActionButton>
        </>
      )}
      <ActionButton onPress={() => onOpen("note")}>Add note…</ActionButton>
      {isClosed ? (
        <ActionButton onPress={() => onOpen("reopen")}>Reopen…</ActionButton>
      ) : (
        <ActionButton onPress={() => onOpen("close")}>Close concern…</ActionButton>
      )}
    </div>
  );
}
