import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { post } from "@/lib/api-client";
import type { StudentRows } from "@/lib/api-types";

export const FEWEST_LETTERS = 2;

export const studentsQuery = (letters: string) =>
  queryOptions({
    queryKey: ["students", letters],
    queryFn: () => post<StudentRows>("/api/students/search", { q: letters }),
    enabled: letters.length >= FEWEST_LETTERS,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
