import { post } from "@/lib/api-client";
import type { Acknowledged } from "@/lib/api-types";

/** Answers the signed link of a mail. The link alone does nothing: somebody must be signed in and press. */
export const acknowledgeByLink = (token: string) => post<Acknowledged>("/api/acknowledge", { token });
