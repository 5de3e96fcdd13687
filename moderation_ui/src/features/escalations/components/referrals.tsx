import { useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Due } from "@/components/due";
import { Moment } from "@/components/moment-text";
import { StateChip } from "@/components/tone-chip";
import type { Referral } from "@/lib/api-types";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { OutcomeForm } from "./outcome-form";
import styles from "./referrals.module.css";

const STATE_WORDS: Record<string, string> = {
  made: "Waiting for a decision",
  accepted: "Accepted",
  declined: "Declined",
  outcome: "Outcome known",
};

/** The referrals of one concern, each with what came back. */
export function Referrals({ referrals, onChanged }: { referrals: Referral[]; onChanged: () => Promise<unknown> }) {
  return (
    <ul className={styles.list}>
      {referrals.map((referral) => (
        <Item key={referral.id} referral={referral} onChanged={onChanged} />
      ))}
    </ul>
  );
}

function Item({ referral, onChanged }: { referral: Referral; onChanged: () => Promise<unknown> }) {
  const taxonomy = useTaxonomy();
  const [isOpen, setOpen] = useState(false);
  const waits = referral.state === "made";
  return (
    <li className={styles.item}>
      <p className={styles.head}>
        <strong>{labelOf(taxonomy.agencies, referral.agency)}</strong>
        <StateChip tone={waits ? "warn" : "neutral"}>{STATE_WORDS[referral.state] ?? referral.state}</StateChip>
        {waits && (
          <span className={styles.soft}>
            <Due at={referral.decision_due_at} verb="decision due" />
          </span>
        )}
      </p>
      <p className={styles.soft}>
        Referred <Moment at={referral.referred_at} />
        {referral.reference && ` · reference ${referral.reference}`} · {labelOf(taxonomy.consents, referral.consent)}
      </p>
      <p className={styles.text}>{referral.rationale}</p>
      {referral.outcomes.length > 0 && (
        <ul className={styles.answers}>
          {referral.outcomes.map((outcome, index) => (
            <li key={index}>
              <strong>{labelOf(taxonomy.decisions, outcome.decision)}</strong>: <span className={styles.text}>{outcome.what}</span>{" "}
              <span className={styles.soft}>
                <Moment at={outcome.outcome_at} />, recorded by {outcome.recorded_by_name}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.foot}>
        <ActionButton onPress={() => setOpen(true)}>Record outcome…</ActionButton>
      </div>
      {isOpen && <OutcomeForm referral={referral} onSaved={onChanged} onClose={() => setOpen(false)} />}
    </li>
  );
}
