import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Delta, LiveSocket, type LiveState, waitBefore } from "./live-socket";

class FakeSocket {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  close = vi.fn();
  say(delta: Delta): void {
    this.onmessage?.({ data: JSON.stringify(delta) });
  }
  die(code = 1006): void {
    this.onclose?.({ code });
  }
}

let opened: FakeSocket[];
let states: LiveState[];
let heard: string[];
let live: LiveSocket;
const last = (): FakeSocket => opened[opened.length - 1] as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  states = [];
  heard = [];
  live = new LiveSocket({
    url: "ws://here/api/live",
    onDelta: (delta) => heard.push(delta.kind),
    onState: (state) => states.push(state),
    open: () => {
      opened.push(new FakeSocket());
      return last() as unknown as WebSocket;
    },
  });
  live.start();
});
afterEach(() => vi.useRealTimers());

describe("the live feed", () => {
  it("is live only once the server has said hello", () => {
    expect(states).toEqual(["connecting"]);
    last().say({ kind: "hello" });
    last().say({ kind: "EventReceived", event_id: "e1" });
    expect(states).toEqual(["connecting", "live"]);
    expect(heard).toEqual(["hello", "EventReceived"]);
  });

  it("says that it reconnects, and does", () => {
    last().say({ kind: "hello" });
    last().die();
    expect(states.at(-1)).toBe("reconnecting");
    vi.advanceTimersByTime(20_000);
    expect(opened).toHaveLength(2);
    last().say({ kind: "hello" });
    expect(states.at(-1)).toBe("live");
  });

  it("connects again when the server found it too slow", () => {
    last().die(4008);
    vi.advanceTimersByTime(1_000);
    expect(opened).toHaveLength(2);
  });

  it("stays away when the session has ended", () => {
    last().die(4401);
    vi.advanceTimersByTime(60_000);
    expect(states.at(-1)).toBe("signed-out");
    expect(opened).toHaveLength(1);
  });

  it("hurries when the machine wakes, but never opens a second socket beside a living one", () => {
    live.hurry();
    expect(opened).toHaveLength(1);
    last().die();
    live.hurry();
    expect(opened).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(2);
  });

  it("is silent once stopped", () => {
    live.stop();
    last().die();
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
  });
});

describe("back-off", () => {
  it("doubles up to fifteen seconds, half of it by chance", () => {
    expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, () => 1))).toEqual([500, 1_000, 2_000, 15_000]);
    expect(waitBefore(10, () => 0)).toBe(7_500);
  });
});
