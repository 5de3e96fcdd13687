import { post } from "@/lib/api-client";
import type { GradeCommand, GradeMade } from "@/lib/api-types";

export const gradeEvent = (eventId: string, command: GradeCommand) =>
  post<GradeMade>(`/api/moderation/${eventId}/grade`, command);
