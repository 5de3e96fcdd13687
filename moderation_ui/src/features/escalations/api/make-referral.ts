import { post } from "@/lib/api-client";
import type { MakeReferralCommand } from "@/lib/api-types";

export const makeReferral = (concernId: string, command: MakeReferralCommand) =>
  post<{ referral_id: string }>(`/api/concerns/${concernId}/referrals`, command);
