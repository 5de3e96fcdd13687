import { post } from "@/lib/api-client";

export interface WriteConcernCommand {
  category: string;
  theme: string;
  severity: number;
  summary: string;
  occurred_at: string;
}

export const writeConcern = (studentId: string, command: WriteConcernCommand) =>
  post<{ concern_id: string }>(`/api/students/${studentId}/concerns`, command);
