import { post } from "@/lib/api-client";

export const addNote = (concernId: string, text: string) => post<unknown>(`/api/concerns/${concernId}/notes`, { text });
