// Whether the live feed is up, and how often lists ask for themselves: seldom when it is, often when it is not.
import { createContext, useContext } from "react";
import type { LiveState } from "./live-socket";

export const LiveStateContext = createContext<LiveState>("connecting");

const SAFETY_NET_MS = 30_000;
const WITHOUT_FEED_MS = 5_000;

export function useLiveState(): LiveState {
  return useContext(LiveStateContext);
}

export function useRefetchInterval(): number {
  return useLiveState() === "live" ? SAFETY_NET_MS : WITHOUT_FEED_MS;
}
