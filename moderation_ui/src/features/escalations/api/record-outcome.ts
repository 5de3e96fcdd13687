import { post } from "@/lib/api-client";

export interface RecordOutcomeCommand {
  decision: string;
  what: string;
  outcome_at?: string;
}

export const recordOutcome = (referralId: string, command: RecordOutcomeCommand) =>
  post<null>(`/api/referrals/${referralId}/outcome`, command);
