import { post } from "@/lib/api-client";

export const signIn = (email: string, password: string) => post<null>("/api/sign-in", { email, password });
