import { post } from "@/lib/api-client";

export const closeConcern = (concernId: string, outcomeCode: string, text: string) =>
  post<unknown>(`/api/concerns/${concernId}/close`, { outcome_code: outcomeCode, text });
