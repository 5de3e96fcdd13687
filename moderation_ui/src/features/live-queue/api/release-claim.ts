import { post } from "@/lib/api-client";
import type { Claim } from "@/lib/api-types";

export const releaseClaim = (claim: Claim) =>
  post<null>(`/api/queue/${claim.event_id}/release`, { claim_token: claim.claim_token });
