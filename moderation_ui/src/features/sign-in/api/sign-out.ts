import { post } from "@/lib/api-client";

export const signOut = () => post<null>("/api/sign-out");
