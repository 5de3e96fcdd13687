import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { ReviewEvent } from "@/lib/api-types";

const PICTURE_MS = 4_000;

/** The claimed event. It is forgotten as soon as nobody looks at it. */
export const reviewQuery = (eventId: string) =>
  queryOptions({
    queryKey: ["review", eventId],
    queryFn: () => get<ReviewEvent>(`/api/queue/${eventId}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    // The picture follows its event by a moment; until it is there, ask whether it is.
    refetchInterval: ({ state }) => (state.data?.has_screenshot && !state.data.screenshot_arrived ? PICTURE_MS : false),
    retry: 1,
  });
