import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "@/lib/api-client";
import type { Board } from "@/lib/api-types";

export const boardQuery = (weeks: number) =>
  queryOptions({
    queryKey: ["board", weeks],
    queryFn: () => get<Board>(`/api/board?weeks=${weeks}`),
    placeholderData: keepPreviousData,
  });
