import { queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { ReviewEvent } from "@/lib/api-types";

/** The claimed event. It is forgotten as soon as nobody looks at it. */
export const reviewQuery = (eventId: string) =>
  queryOptions({
    queryKey: ["review", eventId],
    queryFn: () => get<ReviewEvent>(`/api/queue/${eventId}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: 1,
  });
