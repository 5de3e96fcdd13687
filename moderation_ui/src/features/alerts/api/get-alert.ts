import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { AlertPage } from "@/lib/api-types";

/** One alert with its passage. Every asking is written down by the server, so it is asked when something changed. */
export const alertQuery = (alertId: string) =>
  queryOptions({
    queryKey: ["alert", alertId],
    queryFn: () => get<AlertPage>(`/api/alerts/${alertId}`),
    staleTime: 60_000,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
