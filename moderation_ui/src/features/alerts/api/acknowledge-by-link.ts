import { post } from "@/lib/api-client";

/** Answers the signed link of a mail. The link alone does nothing: somebody must be signed in and press. */
export const acknowledgeByLink = (token: string) => post<{ alert_id: string }>("/api/acknowledge", { token });
