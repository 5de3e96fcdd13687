import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { StudentRecord } from "@/lib/api-types";

/** One student's record. Every asking is written down by the server; nothing of it is kept once nobody looks. */
export const recordQuery = (studentId: string) =>
  queryOptions({
    queryKey: ["record", studentId],
    queryFn: () => get<StudentRecord>(`/api/students/${studentId}/record`),
    staleTime: 60_000,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
