import { useState } from "react";
import { Select, TextArea, TextInput } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { MakeReferralCommand } from "@/lib/api-types";
import { useTaxonomy } from "@/lib/taxonomy";
import { makeReferral } from "../api/make-referral";

interface Props {
  concernId: string;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** Sends a concern on: to whom, why the threshold is met, and what was asked of the family. */
export function ReferralForm({ concernId, onSaved, onClose }: Props) {
  const taxonomy = useTaxonomy();
  const [agency, setAgency] = useState("");
  const [reference, setReference] = useState("");
  const [rationale, setRationale] = useState("");
  const [consent, setConsent] = useState("");
  const problem =
    agency === ""
      ? "Choose the agency."
      : rationale.trim() === ""
        ? "Write why it is referred."
        : consent === ""
          ? "Choose what was asked of the family."
          : null;
  return (
    <FormDialog
      title="Refer"
      submitLabel="Record referral"
      problem={problem}
      send={() => makeReferral(concernId, {
          agency: agency as MakeReferralCommand["agency"],
          reference: reference.trim(),
          rationale: rationale.trim(),
          consent: consent as MakeReferralCommand["consent"],
        })}
      onSaved={onSaved}
      onClose={onClose}
    >
      <Select label="Agency" placeholder="Choose…" choices={taxonomy.agencies} value={agency} onChange={(e) => setAgency(e.target.value)} />
      <TextArea
        label="Rationale"
        help="Why the threshold is met, and what you ask of them."
        value={rationale}
        onChange={(e) => setRationale(e.target.value)}
      />
      <Select label="Consent" placeholder="Choose…" choices={taxonomy.consents} value={consent} onChange={(e) => setConsent(e.target.value)} />
      <TextInput label="Reference" help="Their reference number, if you have one." value={reference} onChange={(e) => setReference(e.target.value)} />
    </FormDialog>
  );
}
