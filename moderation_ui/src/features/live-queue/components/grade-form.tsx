import type { RefObject } from "react";
import { ActionButton } from "@/components/action-button";
import { Select, TextArea } from "@/components/field";
import type { Taxonomy } from "@/lib/api-types";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { type GradeDraft, LONGEST_MESSAGE, type Missing, needsMessage, SHORTEST_MESSAGE } from "../grade-draft";
import { CALL_REASONS } from "../call-reasons";
import styles from "./grade-form.module.css";

const LEVELS = [1, 2, 3, 4, 5] as const;

export interface GradeFormProps {
  draft: GradeDraft;
  missing: Missing;
  isBusy: boolean;
  isLost: boolean;
  messageRef: RefObject<HTMLTextAreaElement | null>;
  onChange: (draft: GradeDraft) => void;
  onOpen: (list: "category" | "theme" | "reason") => void;
  onSubmit: () => void;
  onRelease: () => void;
}

/** The grade: level, theme, message to the school, facets. Every part has its key. */
export function GradeForm(props: GradeFormProps) {
  const { draft, missing, isBusy, isLost, onChange, onOpen } = props;
  const taxonomy = useTaxonomy();
  return (
    <section className={styles.form} aria-label="Grade">
      <Levels draft={draft} taxonomy={taxonomy} error={missing.severity} onChange={onChange} />
      <div className={styles.picks}>
        <Pick name="Category" hint="C" value={draft.category && labelOf(taxonomy.categories, draft.category)} onOpen={() => onOpen("category")} />
        <Pick name="Theme" hint="T" value={draft.theme && labelOf(taxonomy.themes, draft.theme)} onOpen={() => onOpen("theme")} />
        {missing.theme && <p className={styles.error} role="alert">{missing.theme}</p>}
      </div>
      <Message {...props} />
      <FacetSelects draft={draft} taxonomy={taxonomy} error={missing.call} onChange={onChange} />
      <div className={styles.foot}>
        <div className={styles.wide}>
          <ActionButton tone="primary" hint="Enter" isDisabled={isBusy || isLost} onPress={props.onSubmit}>
            Submit and claim next
          </ActionButton>
        </div>
        <ActionButton hint="D" isDisabled={isBusy || isLost} onPress={() => onOpen("reason")}>
          Dismiss…
        </ActionButton>
        <ActionButton hint="S" isDisabled={isBusy} onPress={props.onRelease}>
          Release
        </ActionButton>
      </div>
    </section>
  );
}

interface LevelsProps {
  draft: GradeDraft;
  taxonomy: Taxonomy;
  error: string | undefined;
  onChange: (draft: GradeDraft) => void;
}

function Levels({ draft, taxonomy, error, onChange }: LevelsProps) {
  const chosen = taxonomy.severities.find((severity) => severity.value === draft.severity);
  return (
    <div>
      <div className={styles.levels} role="group" aria-label="Level">
        {LEVELS.map((value) => (
          <button
            key={value}
            type="button"
            data-testid={`grade-level-${value}`}
            data-enter-passes=""
            className={`${styles.level} ${draft.severity === value ? styles[`on${value}`] : ""}`}
            aria-pressed={draft.severity === value}
            onClick={() => onChange({ ...draft, severity: value })}
          >
            <small>Level</small> {value}
          </button>
        ))}
      </div>
      {error ? (
        <p className={`${styles.meaning} ${styles.error}`} role="alert">
          {error}
        </p>
      ) : (
        <p className={styles.meaning} role="status">
          {chosen?.meaning ?? "Keys 1 to 5 set the level."}
        </p>
      )}
    </div>
  );
}

function Pick({ name, hint, value, onOpen }: { name: string; hint: string; value: string; onOpen: () => void }) {
  return (
    <button type="button" className={styles.pick} aria-haspopup="dialog" onClick={onOpen}>
      <span className={styles.name}>{name}</span>
      <span className={styles.value}>{value || "Choose…"}</span>
      <kbd aria-hidden="true">{hint}</kbd>
    </button>
  );
}

function Message({ draft, missing, messageRef, onChange }: GradeFormProps) {
  const short = SHORTEST_MESSAGE - draft.message.trim().length;
  const help = needsMessage(draft)
    ? `Level ${draft.severity} needs a message${short > 0 ? `: ${short} more characters` : ". Ctrl+Enter submits."}`
    : "M to write, Escape to leave, Ctrl+Enter to submit. Needed for Levels 4 and 5.";
  return (
    <TextArea
      ref={messageRef}
      label="Message to the school"
      help={help}
      rows={3}
      maxLength={LONGEST_MESSAGE}
      error={missing.message}
      value={draft.message}
      onChange={(event) => onChange({ ...draft, message: event.target.value })}
    />
  );
}

function FacetSelects({ draft, taxonomy, error, onChange }: LevelsProps) {
  const set = (part: { [Part in keyof GradeDraft]?: string }) => onChange({ ...draft, ...part } as GradeDraft);
  return (
    <div className={styles.facets}>
      <Select label="Who it is about" choices={taxonomy.subject_roles} value={draft.subject_role} onChange={(e) => set({ subject_role: e.target.value })} />
      <Select label="How real it is" choices={taxonomy.authenticities} value={draft.authenticity} onChange={(e) => set({ authenticity: e.target.value })} />
      <Select label="How soon" choices={taxonomy.immediacies} value={draft.immediacy} onChange={(e) => set({ immediacy: e.target.value })} />
      <Select
        label="Call the school"
        placeholder="No call"
        error={error}
        choices={CALL_REASONS}
        value={draft.call_reason}
        onChange={(e) => set({ call_reason: e.target.value })}
      />
    </div>
  );
}
