import { post } from "@/lib/api-client";

export const completeAction = (actionId: string, text: string) => post<unknown>(`/api/actions/${actionId}/done`, { text });
