import { post } from "@/lib/api-client";
import type { Claim } from "@/lib/api-types";

export const claimEvent = (eventId: string) => post<Claim>(`/api/queue/${eventId}/claim`);
