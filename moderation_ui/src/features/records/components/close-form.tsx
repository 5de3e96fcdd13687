import { useState } from "react";
import { Select, TextArea } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { CloseConcernCommand, Concern } from "@/lib/api-types";
import { useTaxonomy } from "@/lib/taxonomy";
import { closeConcern } from "../api/close-concern";

interface Props {
  concern: Concern;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** Ends a concern with what came of it; the server says when reasons or a second person are needed. */
export function CloseForm({ concern, onSaved, onClose }: Props) {
  const taxonomy = useTaxonomy();
  const [code, setCode] = useState("");
  const [text, setText] = useState("");
  return (
    <FormDialog
      title="Close concern"
      submitLabel="Close concern"
      problem={code === "" ? "Choose what came of it." : null}
      send={() => closeConcern(concern.id, { outcome_code: code as CloseConcernCommand["outcome_code"], text: text.trim() })}
      onSaved={onSaved}
      onClose={onClose}
    >
      <Select label="Outcome" placeholder="Choose…" choices={taxonomy.outcome_codes} value={code} onChange={(e) => setCode(e.target.value)} />
      <TextArea
        label="Reasons"
        help={concern.severity >= 4 ? "Needed for Levels 4 and 5. A Level 5 concern is closed by a second person." : "May be left empty."}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
    </FormDialog>
  );
}
