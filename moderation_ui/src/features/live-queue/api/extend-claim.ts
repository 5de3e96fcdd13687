import { post } from "@/lib/api-client";
import type { Claim } from "@/lib/api-types";

/** Says that somebody is still looking; a lost claim answers 409. */
export const extendClaim = (claim: Claim) =>
  post<{ expires_at: string }>(`/api/queue/${claim.event_id}/heartbeat`, { claim_token: claim.claim_token });
