import { post } from "@/lib/api-client";
import type { CloseConcernCommand } from "@/lib/api-types";

export const closeConcern = (concernId: string, command: CloseConcernCommand) =>
  post<unknown>(`/api/concerns/${concernId}/close`, command);
