import { post } from "@/lib/api-client";

export const closeAlert = (alertId: string, reason: string) =>
  post<null>(`/api/alerts/${alertId}/no-further-action`, { reason });
