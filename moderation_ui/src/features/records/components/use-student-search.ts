import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import type { StudentRow } from "@/lib/api-types";
import { FEWEST_LETTERS, studentsQuery } from "../api/find-students";

const PAUSE_MS = 200;

export interface StudentSearch {
  letters: string;
  setLetters: (letters: string) => void;
  rows: StudentRow[];
  error: unknown;
  /** What to say under the field: how to begin, or that nobody fits. */
  hint: string;
}

/** Asks once the typing pauses, from two letters on. */
export function useStudentSearch(): StudentSearch {
  const [letters, setLetters] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(letters.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [letters]);
  const found = useQuery(studentsQuery(asked));
  const isLongEnough = asked.length >= FEWEST_LETTERS;
  const rows = useDeferredValue(isLongEnough ? (found.data?.items ?? []) : []);
  const hint = !isLongEnough
    ? "Type two letters of a name or more."
    : found.isSuccess && !found.isPlaceholderData && rows.length === 0
      ? "Nobody of that name is in your academies."
      : "";
  return { letters, setLetters, rows, error: found.error, hint };
}
