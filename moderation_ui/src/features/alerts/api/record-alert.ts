import { post } from "@/lib/api-client";
import type { RecordAlertCommand, RecordedAlert } from "@/lib/api-types";

export const recordAlert = (alertId: string, command: RecordAlertCommand) =>
  post<RecordedAlert>(`/api/alerts/${alertId}/record`, command);
