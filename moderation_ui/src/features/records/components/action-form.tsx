import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Select, TextInput } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { addAction } from "../api/add-action";
import { colleaguesQuery } from "../api/get-colleagues";

interface Props {
  concernId: string;
  onSaved: () => Promise<unknown>;
  onClose: () => void;
}

/** What is to be done, by whom and until when. */
export function ActionForm({ concernId, onSaved, onClose }: Props) {
  const colleagues = useQuery(colleaguesQuery).data?.items ?? [];
  const [what, setWhat] = useState("");
  const [owner, setOwner] = useState("");
  const [due, setDue] = useState("");
  return (
    <FormDialog
      title="Add action"
      submitLabel="Add action"
      problem={what.trim() === "" ? "Say what is to be done." : null}
      send={() =>
        addAction(concernId, {
          what: what.trim(),
          ...(owner === "" ? {} : { owner_id: owner }),
          ...(due === "" ? {} : { due_on: due }),
        })
      }
      onSaved={onSaved}
      onClose={onClose}
    >
      <TextInput label="What is to be done" autoFocus maxLength={500} value={what} onChange={(e) => setWhat(e.target.value)} />
      <Select
        label="Owner"
        placeholder="Me"
        choices={colleagues.map((each) => ({ id: each.staff_id, label: each.display_name }))}
        value={owner}
        onChange={(e) => setOwner(e.target.value)}
      />
      <TextInput label="Due" type="date" value={due} onChange={(e) => setDue(e.target.value)} />
    </FormDialog>
  );
}
