import { post } from "@/lib/api-client";

export interface AddActionCommand {
  what: string;
  owner_id?: string;
  due_on?: string;
}

export const addAction = (concernId: string, command: AddActionCommand) =>
  post<unknown>(`/api/concerns/${concernId}/actions`, command);
