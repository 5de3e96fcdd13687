import { post } from "@/lib/api-client";

export const reopenConcern = (concernId: string, text: string) =>
  post<unknown>(`/api/concerns/${concernId}/reopen`, { text });
