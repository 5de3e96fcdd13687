import { post } from "@/lib/api-client";
import type { AddActionCommand } from "@/lib/api-types";

export const addAction = (concernId: string, command: AddActionCommand) =>
  post<unknown>(`/api/concerns/${concernId}/actions`, command);
