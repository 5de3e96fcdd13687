import { expect, it } from "vitest";
import { splitMarks } from "./split-marks";

const mark = (start: number, end: number, theme = "T05") => ({ start, end, theme });
const shown = (text: string, marks: ReturnType<typeof mark>[]): string =>
  splitMarks(text, marks)
    .map((piece) => (piece.theme ? `[${piece.text}]` : piece.text))
    .join("");

it("marks in order, whatever order they came in", () => expect(shown("one two three", [mark(8, 13), mark(0, 3)])).toBe("[one] two [three]"));
it("never loses or doubles a character where marks overlap", () => expect(shown("abcdef", [mark(0, 4), mark(2, 6)])).toBe("[abcd][ef]"));
it("counts characters as the server does, emoji as one", () => expect(shown("😟 not safe", [mark(2, 10)])).toBe("😟 [not safe]"));
it("survives marks beyond the text", () => expect(shown("abc", [mark(1, 99), mark(50, 60)])).toBe("a[bc]"));
it("shows an unmarked text whole", () => expect(shown("abc", [])).toBe("abc"));
