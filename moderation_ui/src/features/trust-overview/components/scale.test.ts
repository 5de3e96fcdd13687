import { expect, it } from "vitest";
import { scaleFor } from "./scale";

it("holds every time between its ends and keeps their order", () => {
  const times = [15, 70, 4_000, 160_000];
  const places = times.map(scaleFor(times).at);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThanOrEqual(1);
});

it("ends at the next step of the ladder", () => {
  expect(scaleFor([4_000]).ticks.at(-1)?.label).toBe("6 h");
  expect(scaleFor([]).ticks.map((tick) => tick.label)).toEqual(["10 s", "1 min"]);
});

it("draws what is shorter than its beginning at the beginning", () => expect(scaleFor([3_600]).at(0)).toBe(0));
