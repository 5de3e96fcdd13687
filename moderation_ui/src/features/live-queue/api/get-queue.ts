import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { Queue } from "@/lib/api-types";

export const queueQuery = queryOptions({
  queryKey: ["queue"],
  queryFn: () => get<Queue>("/api/queue"),
  placeholderData: keepPreviousData,
});
