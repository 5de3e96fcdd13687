import { post } from "@/lib/api-client";

export interface RecordAlertCommand {
  student_id?: string;
  summary: string;
}

export const recordAlert = (alertId: string, command: RecordAlertCommand) =>
  post<{ concern_id: string; student_id: string }>(`/api/alerts/${alertId}/record`, command);
