import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { StudentRows } from "@/lib/api-types";

export const FEWEST_LETTERS = 2;

export const studentsQuery = (letters: string) =>
  queryOptions({
    queryKey: ["students", letters],
    queryFn: () => get<StudentRows>(`/api/students?q=${encodeURIComponent(letters)}`),
    enabled: letters.length >= FEWEST_LETTERS,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
