import { post } from "@/lib/api-client";
import type { Claim, DismissCommand } from "@/lib/api-types";

export const dismissEvent = (claim: Claim, reason: DismissCommand["reason"]) => {
  const command: DismissCommand = { claim_token: claim.claim_token, reason };
  return post<null>(`/api/moderation/${claim.event_id}/dismiss`, command);
};
