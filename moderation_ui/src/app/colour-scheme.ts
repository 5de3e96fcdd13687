import { useEffect, useState } from "react";

type Scheme = "system" | "light" | "dark";
const NEXT: Record<Scheme, Scheme> = { system: "dark", dark: "light", light: "system" };
export const SCHEME_WORDS: Record<Scheme, string> = { system: "Auto", dark: "Dark", light: "Light" };

/** Light or dark: as the system says until somebody chooses. The choice lives in memory only. */
export function useColourScheme(): { scheme: Scheme; turn: () => void } {
  const [scheme, setScheme] = useState<Scheme>("system");
  useEffect(() => {
    if (scheme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = scheme;
  }, [scheme]);
  return { scheme, turn: () => setScheme(NEXT[scheme]) };
}
