import { expect, it } from "vitest";
import { touchedBy } from "./live-feed";

it.each([
  ["EventReceived", "queue"],
  ["EventReleased", "queue"],
  ["AlertRaised", "alerts"],
  ["ConcernOpened", "record"],
  ["ReferralMade", "record"],
  ["SomethingNew", "board"],
])("%s makes %s ask again", (kind, list) => expect(touchedBy({ kind })).toContainEqual([list]));

it("asks for everything when the feed has just come back", () => {
  expect(touchedBy({ kind: "hello" }).flat()).toEqual(["queue", "alerts", "alert", "record", "board"]);
});

it("opens again only the alert that it is about, because every opening is written down", () => {
  expect(touchedBy({ kind: "AlertAcknowledged", alert_id: "a1" })).toContainEqual(["alert", "a1"]);
  expect(touchedBy({ kind: "AlertRaised" })).not.toContainEqual(["alert"]);
  expect(touchedBy({ kind: "EventClaimed" }).flat()).not.toContain("record");
});
