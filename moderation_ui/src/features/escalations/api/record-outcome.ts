import { post } from "@/lib/api-client";
import type { RecordOutcomeCommand } from "@/lib/api-types";

export const recordOutcome = (referralId: string, command: RecordOutcomeCommand) =>
  post<null>(`/api/referrals/${referralId}/outcome`, command);
