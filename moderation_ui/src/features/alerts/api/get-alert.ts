import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { AlertPage } from "@/lib/api-types";

const PICTURE_MS = 10_000;

/** One alert with its passage. Every asking is written down by the server, so it is asked when something changed. */
export const alertQuery = (alertId: string) =>
  queryOptions({
    queryKey: ["alert", alertId],
    queryFn: () => get<AlertPage>(`/api/alerts/${alertId}`),
    staleTime: 60_000,
    gcTime: 0,
    refetchOnWindowFocus: false,
    // The picture follows its event by a moment; until it is there, ask whether it is.
    refetchInterval: ({ state }) => (state.data?.has_screenshot && !state.data.screenshot_arrived ? PICTURE_MS : false),
  });
