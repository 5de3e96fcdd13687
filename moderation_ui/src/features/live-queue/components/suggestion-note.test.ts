import { expect, test } from "vitest";
import { likelihood } from "./suggestion-note";

test.each([
  [0.904, "90%"],
  [0.99, "99%"],
  [0.9951, "over 99%"],
  [1, "over 99%"],
])("a probability of %d reads %s", (probability, words) => {
  expect(likelihood(probability)).toBe(words);
});
