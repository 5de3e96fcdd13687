import { useState } from "react";
import { TextArea } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";

interface Props {
  title: string;
  submitLabel: string;
  label: string;
  intro?: string;
  send: (text: string) => Promise<unknown>;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** A dialog that asks for one piece of writing. */
export function TextForm({ title, submitLabel, label, intro, send, onSaved, onClose }: Props) {
  const [text, setText] = useState("");
  return (
    <FormDialog
      title={title}
      submitLabel={submitLabel}
      problem={text.trim() === "" ? `Fill in: ${label.toLowerCase()}.` : null}
      send={() => send(text.trim())}
      onSaved={onSaved}
      onClose={onClose}
    >
      {intro && <p>{intro}</p>}
      <TextArea label={label} autoFocus value={text} onChange={(event) => setText(event.target.value)} />
    </FormDialog>
  );
}
