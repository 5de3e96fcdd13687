import { describe, expect, it } from "vitest";
import { countdown, fromLocalInput, moment, span, toLocalInput } from "./dates";

describe("times are London's", () => {
  it("in summer and in winter", () => {
    const now = new Date("2026-07-01T12:00:00Z").getTime();
    expect(moment("2026-07-01T08:00:00Z", now)).toBe("today, 09:00");
    expect(moment("2026-01-05T08:00:00Z", now)).toBe("Mon, 5 Jan 2026, 08:00");
  });

  it.each([
    ["2026-01-05T08:00", "2026-01-05T08:00:00.000Z"],
    ["2026-07-01T09:00", "2026-07-01T08:00:00.000Z"],
    ["2026-03-29T02:30", "2026-03-29T01:30:00.000Z"],
    ["2026-10-25T00:30", "2026-10-24T23:30:00.000Z"],
  ])("reads the field %s as %s and shows it again", (typed, instant) => {
    expect(fromLocalInput(typed)).toBe(instant);
    expect(toLocalInput(new Date(instant))).toBe(typed);
  });
});

describe("lengths of time", () => {
  it.each([
    [45, "45 s"],
    [90, "1 min"],
    [3_900, "1 h 05 min"],
    [180_000, "2 d 2 h"],
    [-3, "0 s"],
  ])("%i seconds reads %s", (seconds, words) => expect(span(seconds)).toBe(words));

  it("counts down by the second for the last ten minutes only", () => {
    expect(countdown(245)).toBe("4:05");
    expect(countdown(600)).toBe("10 min");
  });
});
