import { queryOptions } from "@tanstack/react-query";
import { ApiError, get } from "@/lib/api-client";
import type { Me } from "@/lib/api-types";

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await get<Me>("/api/me");
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  refetchInterval: 60_000,
});
