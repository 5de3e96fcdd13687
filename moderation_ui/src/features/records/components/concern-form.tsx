import { useState } from "react";
import { Select, TextArea, TextInput } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { WriteConcernCommand } from "@/lib/api-types";
import { fromLocalInput, toLocalInput } from "@/lib/dates";
import { useTaxonomy } from "@/lib/taxonomy";
import { writeConcern } from "../api/write-concern";

interface Props {
  studentId: string;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** A concern written by hand. When it happened is asked, because it may be later written than it happened. */
export function ConcernForm({ studentId, onSaved, onClose }: Props) {
  const taxonomy = useTaxonomy();
  const [theme, setTheme] = useState("");
  const [severity, setSeverity] = useState("");
  const [summary, setSummary] = useState("");
  const [at, setAt] = useState(() => toLocalInput(new Date()));
  const category = taxonomy.themes.find((each) => each.id === theme)?.category ?? "";
  const problem =
    theme === ""
      ? "Choose a theme."
      : severity === ""
        ? "Choose a level."
        : summary.trim() === ""
          ? "Write what was seen or heard."
          : at === ""
            ? "Say when it happened."
            : null;
  return (
    <FormDialog
      title="Write a concern"
      submitLabel="Save concern"
      problem={problem}
      send={() =>
        writeConcern(studentId, {
          category: category as WriteConcernCommand["category"],
          theme: theme as WriteConcernCommand["theme"],
          severity: Number(severity) as WriteConcernCommand["severity"],
          summary: summary.trim(),
          occurred_at: fromLocalInput(at),
        })
      }
      onSaved={onSaved}
      onClose={onClose}
    >
      <TextArea
        label="What was seen or heard"
        help="Facts first; the student’s own words in quotation marks. Say what is your opinion."
        rows={5}
        value={summary}
        onChange={(e) => setSummary(e.target.value)}
      />
      <Select label="Theme" placeholder="Choose…" choices={taxonomy.themes} value={theme} onChange={(e) => setTheme(e.target.value)} />
      <Select
        label="Level"
        placeholder="Choose…"
        choices={taxonomy.severities.map((each) => ({ id: String(each.value), label: `${each.label}: ${each.meaning}` }))}
        value={severity}
        onChange={(e) => setSeverity(e.target.value)}
      />
      <TextInput
        label="When it happened"
        type="datetime-local"
        max={toLocalInput(new Date())}
        value={at}
        onChange={(e) => setAt(e.target.value)}
      />
    </FormDialog>
  );
}
