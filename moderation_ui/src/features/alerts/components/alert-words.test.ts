import { expect, it } from "vitest";
import { alerts } from "@/testing/fake-data";
import { inOrder, isUnanswered, stateWords, studentLine } from "./alert-words";

it("lists what nobody has answered first, the graver before the lighter, then the open, then the ended", () => {
  expect(inOrder([...alerts].reverse()).map((alert) => alert.alert_id)).toEqual(["al2", "al1", "al3", "al4"]);
});

it("never calls an ended alert unanswered", () => {
  const ended = { ...alerts[0]!, state: "no_further_action", acknowledged_at: null };
  expect(isUnanswered(ended)).toBe(false);
  expect(stateWords(ended).words).toBe("No further action");
});

it("says when nobody is named", () => expect(studentLine(alerts[1]!)).toBe("Student not identified"));
