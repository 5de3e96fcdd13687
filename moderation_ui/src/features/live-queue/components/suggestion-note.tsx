import { StepChip } from "@/components/tone-chip";
import type { Suggestion } from "@/lib/api-types";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import styles from "./suggestion-note.module.css";

const percent = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 0 });

/** No machine is certain: what would round to 100 % is said to be over 99. */
export function likelihood(probability: number): string {
  return probability > 0.99 ? "over 99%" : percent.format(probability);
}

/** What the machine thinks, looking like nothing a person decided. It never fills in the form. */
export function SuggestionNote({ suggestion }: { suggestion: Suggestion }) {
  const taxonomy = useTaxonomy();
  return (
    <section className={styles.note} aria-labelledby="suggestion-title">
      <h3 className={styles.title} id="suggestion-title">
        Machine’s suggestion — not a decision
      </h3>
      <p className={styles.line}>
        <StepChip step={suggestion.severity} isGuess>
          Level {suggestion.severity}?
        </StepChip>
        <span>
          {labelOf(taxonomy.categories, suggestion.category)} · {labelOf(taxonomy.themes, suggestion.theme)}
        </span>
        <span className="figures">{likelihood(suggestion.probability)} probability</span>
      </p>
      {suggestion.reasons.length > 0 && <p className={styles.reasons}>Because: {suggestion.reasons.join("; ")}</p>}
    </section>
  );
}
