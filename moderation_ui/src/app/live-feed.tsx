// Joins the live feed to the pages: which message makes which lists ask again. The only place that knows both.
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { type Delta, LiveSocket, type LiveState } from "@/lib/live-socket";
import { LiveStateContext } from "@/lib/live-state";

const GATHER_MS = 200;
const BOARD_GATHER_MS = 1_500;

/** The lists that a message may have changed. The board counts everything. */
export function touchedBy(delta: Delta): string[] {
  if (delta.kind === "hello") return ["queue", "alerts", "alert", "record", "board"];
  if (delta.kind.startsWith("Event")) return ["queue", "board"];
  if (delta.kind.startsWith("Alert")) return ["alerts", "alert", "record", "board"];
  return ["record", "alerts", "alert", "board"];
}

/** Gathers what a burst of messages touched, so that a hundred of them ask once. */
class Refresher {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly client: QueryClient) {}

  touch(list: string): void {
    if (this.timers.has(list)) return;
    const wait = list === "board" ? BOARD_GATHER_MS : GATHER_MS;
    const ask = () => {
      this.timers.delete(list);
      void this.client.invalidateQueries({ queryKey: [list] });
    };
    this.timers.set(list, setTimeout(ask, wait));
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}

const feedUrl = (): string => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/live`;

export function LiveFeed({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    const refresher = new Refresher(client);
    const socket = new LiveSocket({
      url: feedUrl(),
      onDelta: (delta) => touchedBy(delta).forEach((list) => refresher.touch(list)),
      onState: (now) => {
        setState(now);
        if (now === "signed-out") void client.invalidateQueries({ queryKey: ["me"] });
      },
    });
    const hurry = () => document.visibilityState === "visible" && socket.hurry();
    socket.start();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      socket.stop();
      refresher.stop();
    };
  }, [client]);
  return <LiveStateContext value={state}>{children}</LiveStateContext>;
}
