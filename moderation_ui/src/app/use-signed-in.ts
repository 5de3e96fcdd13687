import { createContext, useContext } from "react";
import type { Me } from "@/lib/api-types";

export const SignedInContext = createContext<Me | null>(null);

/** Who is signed in. Only used below the gate, where somebody is. */
export function useSignedIn(): Me {
  const me = useContext(SignedInContext);
  if (!me) throw new Error("useSignedIn is used outside the gate.");
  return me;
}
