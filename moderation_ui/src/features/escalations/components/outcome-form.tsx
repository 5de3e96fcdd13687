import { useState } from "react";
import { Select, TextArea, TextInput } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { RecordOutcomeCommand, Referral } from "@/lib/api-types";
import { fromLocalInput, toLocalInput } from "@/lib/dates";
import { useTaxonomy } from "@/lib/taxonomy";
import { recordOutcome } from "../api/record-outcome";

interface Props {
  referral: Referral;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** What the agency answered: first its decision, then whatever came of it. */
export function OutcomeForm({ referral, onSaved, onClose }: Props) {
  const taxonomy = useTaxonomy();
  const isDecided = referral.state !== "made";
  const choices = taxonomy.decisions.filter((decision) => (decision.id === "outcome") === isDecided);
  const [decision, setDecision] = useState(isDecided ? "outcome" : "");
  const [what, setWhat] = useState("");
  const [at, setAt] = useState("");
  const problem = decision === "" ? "Choose what was decided." : what.trim() === "" ? "Say what was decided or done." : null;
  return (
    <FormDialog
      title="Record outcome"
      submitLabel="Save outcome"
      problem={problem}
      send={() =>
        recordOutcome(referral.id, {
          decision: decision as RecordOutcomeCommand["decision"],
          what: what.trim(),
          ...(at === "" ? {} : { outcome_at: fromLocalInput(at) }),
        })
      }
      onSaved={onSaved}
      onClose={onClose}
    >
      <Select
        label="Decision"
        placeholder="Choose…"
        choices={choices}
        value={decision}
        onChange={(event) => setDecision(event.target.value)}
      />
      <TextArea label="What was decided or done" value={what} onChange={(event) => setWhat(event.target.value)} />
      <TextInput
        label="When"
        help="Leave empty for now."
        type="datetime-local"
        max={toLocalInput(new Date())}
        value={at}
        onChange={(event) => setAt(event.target.value)}
      />
    </FormDialog>
  );
}
