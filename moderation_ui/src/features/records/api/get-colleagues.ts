import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { Colleague } from "@/lib/api-types";

export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: () => get<{ items: Colleague[] }>("/api/colleagues"),
  staleTime: 300_000,
});
