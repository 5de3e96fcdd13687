import { useEffect } from "react";
import { idleFor } from "@/lib/attention";

const LOOK_MS = 15_000;
const IDLE_MS = 15 * 60_000;

/** Ends the session of a page left alone, because the page's own asking would keep it awake for ever. */
export function useIdleEnd(isOn: boolean, end: () => void): void {
  useEffect(() => {
    if (!isOn) return;
    idleFor();
    const timer = setInterval(() => {
      if (idleFor() >= IDLE_MS) end();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isOn, end]);
}
