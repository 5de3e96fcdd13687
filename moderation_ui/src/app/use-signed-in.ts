import { createContext, useContext } from "react";
import type { Me } from "@/lib/api-types";

export const SignedInContext = createContext<Me | null>(null);

/** Counts the sessions of one visit: it changes when somebody signs in again after theirs has ended. */
export const SessionContext = createContext(0);

/** Who is signed in. Only used below the gate, where somebody is. */
export function useSignedIn(): Me {
  const me = useContext(SignedInContext);
  if (!me) throw new Error("useSignedIn is used outside the gate.");
  return me;
}
