import { post } from "@/lib/api-client";
import type { WriteConcernCommand } from "@/lib/api-types";

export const writeConcern = (studentId: string, command: WriteConcernCommand) =>
  post<{ concern_id: string }>(`/api/students/${studentId}/concerns`, command);
