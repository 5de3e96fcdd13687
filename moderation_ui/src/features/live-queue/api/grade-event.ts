import { post } from "@/lib/api-client";
import type { GradeCommand } from "@/lib/api-types";

export const gradeEvent = (eventId: string, command: GradeCommand) =>
  post<{ grade_id: string }>(`/api/moderation/${eventId}/grade`, command);
