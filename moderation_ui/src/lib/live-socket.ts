// The live feed: small deltas that say what changed, never what it says. It reconnects with back-off and is honest
// about its state, so that a page can show "reconnecting" and fall back to asking.

export type LiveState = "connecting" | "live" | "reconnecting" | "signed-out";

export interface Delta {
  kind: string;
  at?: string;
  [id: string]: string | undefined;
}

export interface LiveSocketOptions {
  url: string;
  onDelta: (delta: Delta) => void;
  onState: (state: LiveState) => void;
  open?: (url: string) => WebSocket;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SIGNED_OUT = 4401;

/** Doubling waits with half of each drawn by chance, so that a whole room does not knock at once. */
export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * random();
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private isClosed = false;

  constructor(private readonly options: LiveSocketOptions) {}

  start(): void {
    this.options.onState("connecting");
    this.connect();
  }

  stop(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  /** Tries at once: the machine woke, the network came back. */
  hurry(): void {
    if (this.timer === undefined || this.isClosed) return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.connect();
  }

  private connect(): void {
    this.timer = undefined;
    const open = this.options.open ?? ((url: string) => new WebSocket(url));
    const socket = open(this.options.url);
    this.socket = socket;
    socket.onmessage = (message: MessageEvent<string>) => this.read(message.data);
    socket.onclose = (event: CloseEvent) => this.closed(event.code);
  }

  private read(data: string): void {
    const delta = JSON.parse(data) as Delta;
    if (delta.kind === "hello") {
      this.attempt = 0;
      this.options.onState("live");
    }
    this.options.onDelta(delta);
  }

  private closed(code: number): void {
    if (this.isClosed) return;
    if (code === SIGNED_OUT) {
      this.options.onState("signed-out");
      return;
    }
    this.options.onState("reconnecting");
    this.timer = setTimeout(() => this.connect(), waitBefore(this.attempt));
    this.attempt += 1;
  }
}
