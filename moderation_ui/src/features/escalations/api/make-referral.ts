import { post } from "@/lib/api-client";

export interface MakeReferralCommand {
  agency: string;
  reference: string;
  rationale: string;
  consent: string;
}

export const makeReferral = (concernId: string, command: MakeReferralCommand) =>
  post<{ referral_id: string }>(`/api/concerns/${concernId}/referrals`, command);
