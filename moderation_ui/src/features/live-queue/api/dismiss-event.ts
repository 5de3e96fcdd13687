import { post } from "@/lib/api-client";
import type { Claim } from "@/lib/api-types";

export const dismissEvent = (claim: Claim, reason: string) =>
  post<null>(`/api/moderation/${claim.event_id}/dismiss`, { claim_token: claim.claim_token, reason });
