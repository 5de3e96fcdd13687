import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { Colleagues } from "@/lib/api-types";

export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: () => get<Colleagues>("/api/colleagues"),
  staleTime: 300_000,
});
