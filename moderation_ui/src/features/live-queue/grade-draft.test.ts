import { describe, expect, it } from "vitest";
import { taxonomy } from "@/testing/fake-data";
import { BLANK, isComplete, missingFrom, toCommand, withCategory, withTheme } from "./grade-draft";

const theme = (id: string) => taxonomy.themes.find((each) => each.id === id) ?? taxonomy.themes[0]!;
const CLAIM = { event_id: "e1", claim_token: "t1", expires_at: "" };

describe("category and theme", () => {
  it("a theme brings its category along", () => {
    expect(withTheme(BLANK, theme("T05"))).toMatchObject({ theme: "T05", category: "VP" });
  });

  it("a category keeps the theme that stands under it and drops any other", () => {
    const draft = withTheme(BLANK, theme("T05"));
    expect(withCategory(draft, "VP", taxonomy.themes).theme).toBe("T05");
    expect(withCategory(draft, "BU", taxonomy.themes)).toMatchObject({ category: "BU", theme: "" });
  });

  it("a category with one theme only takes it", () => {
    expect(withCategory(BLANK, "VI", taxonomy.themes).theme).toBe("T12");
  });
});

describe("what is missing", () => {
  const chosen = withTheme(BLANK, theme("T05"));

  it("is theme and level of a blank draft; nothing is prefilled", () => {
    expect(Object.keys(missingFrom(BLANK))).toEqual(["theme", "severity"]);
  });

  it.each([1, 2, 3] as const)("Level %i needs no message", (severity) => expect(isComplete({ ...chosen, severity })).toBe(true));

  it.each([4, 5] as const)("Level %i needs ten characters that are not blanks", (severity) => {
    expect(missingFrom({ ...chosen, severity, message: "   short   " }).message).toContain(`Level ${severity} needs a message`);
    expect(isComplete({ ...chosen, severity, message: "ten chars!" })).toBe(true);
  });

  it("a call is asked for from Level 3 on", () => {
    expect(missingFrom({ ...chosen, severity: 2, call_reason: "C08" }).call).toBeTruthy();
    expect(isComplete({ ...chosen, severity: 3, call_reason: "C08" })).toBe(true);
  });
});

describe("the command", () => {
  const complete = { ...withTheme(BLANK, theme("T05")), severity: 4 as const, message: " Please speak with them. " };

  it("carries the token and a trimmed message, and no call unless asked for", () => {
    expect(toCommand(complete, CLAIM)).toMatchObject({ claim_token: "t1", message: "Please speak with them.", call_required: false, call_reason: null });
    expect(toCommand({ ...complete, call_reason: "C08" }, CLAIM)).toMatchObject({ call_required: true, call_reason: "C08" });
  });

  it("is never made of an incomplete draft", () => expect(() => toCommand(BLANK, CLAIM)).toThrow());
});
