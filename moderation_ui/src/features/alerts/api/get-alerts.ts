import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { AlertRows } from "@/lib/api-types";

export type AlertState = "open" | "all";

export const alertsQuery = (state: AlertState) =>
  queryOptions({
    queryKey: ["alerts", state],
    queryFn: () => get<AlertRows>(`/api/alerts?state=${state}`),
    placeholderData: keepPreviousData,
  });
