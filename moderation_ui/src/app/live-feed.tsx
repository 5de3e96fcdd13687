// Joins the live feed to the pages: which message makes which lists ask again. The only place that knows both.
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { type ReactNode, useContext, useEffect, useState } from "react";
import { type Delta, LiveSocket, type LiveState } from "@/lib/live-socket";
import { LiveStateContext } from "@/lib/live-state";
import { SessionContext } from "./use-signed-in";

const GATHER_MS = 200;
// The board is counted a moment after the message; asking at once would show the numbers before it.
const BOARD_GATHER_MS = 2_500;

/** The queries that a message may have changed. Opening an alert or a record is written down by the server, so these
 * two ask again only when the message is about them. */
export function touchedBy(delta: Delta): string[][] {
  if (delta.kind === "hello") return [["queue"], ["alerts"], ["alert"], ["record"], ["board"]];
  if (delta.kind.startsWith("Event")) return [["queue"], ["board"]];
  const alert = delta.alert_id ? [["alert", delta.alert_id]] : [];
  if (delta.kind.startsWith("Alert")) return [["alerts"], ...alert, ["board"]];
  return [["record"], ["alerts"], ...alert, ["board"]];
}

/** Gathers what a burst of messages touched, so that a hundred of them ask once. */
class Refresher {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly client: QueryClient) {}

  touch(queryKey: string[]): void {
    const name = queryKey.join("/");
    if (this.timers.has(name)) return;
    const wait = name === "board" ? BOARD_GATHER_MS : GATHER_MS;
    const ask = () => {
      this.timers.delete(name);
      void this.client.invalidateQueries({ queryKey });
    };
    this.timers.set(name, setTimeout(ask, wait));
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}

const feedUrl = (): string => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/live`;

/** Holds the feed open for as long as the session lasts, and opens a new one with the next. */
export function LiveFeed({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useContext(SessionContext);
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    const refresher = new Refresher(client);
    const socket = new LiveSocket({
      url: feedUrl(),
      onDelta: (delta) => touchedBy(delta).forEach((queryKey) => refresher.touch(queryKey)),
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
  }, [client, session]);
  return <LiveStateContext value={state}>{children}</LiveStateContext>;
}
