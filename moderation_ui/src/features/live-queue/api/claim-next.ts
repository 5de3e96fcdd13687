import { post } from "@/lib/api-client";
import type { Claim } from "@/lib/api-types";

/** The next event in order, or null when nothing waits. */
export const claimNext = () => post<Claim | null>("/api/queue/claim");
