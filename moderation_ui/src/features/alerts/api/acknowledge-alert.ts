import { post } from "@/lib/api-client";

export const acknowledgeAlert = (alertId: string) => post<null>(`/api/alerts/${alertId}/acknowledge`);
