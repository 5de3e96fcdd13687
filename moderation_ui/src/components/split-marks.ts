// Cuts a text at its marks. Offsets count characters as Python does (code points), so emoji must not shift them.

export interface TextMark {
  start: number;
  end: number;
  theme: string;
}

export interface Piece {
  text: string;
  theme: string | null;
}

/** The text in order, marked and unmarked; overlapping marks are joined into the earlier one. */
export function splitMarks(text: string, marks: TextMark[]): Piece[] {
  const characters = Array.from(text);
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const start = Math.max(mark.start, at);
    const end = Math.min(mark.end, characters.length);
    if (end <= start) continue;
    if (start > at) pieces.push({ text: characters.slice(at, start).join(""), theme: null });
    pieces.push({ text: characters.slice(start, end).join(""), theme: mark.theme });
    at = end;
  }
  if (at < characters.length) pieces.push({ text: characters.slice(at).join(""), theme: null });
  return pieces;
}
