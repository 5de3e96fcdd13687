// Where a response time sits on a drawing that must show two minutes and two days side by side: logarithmic.

const SHORTEST_S = 10;
const LADDER: [number, string][] = [
  [10, "10 s"],
  [60, "1 min"],
  [600, "10 min"],
  [3_600, "1 h"],
  [6 * 3_600, "6 h"],
  [86_400, "1 day"],
  [7 * 86_400, "1 week"],
  [30 * 86_400, "30 days"],
];

export interface Scale {
  /** From 0 (left) to 1 (right). */
  at: (seconds: number) => number;
  ticks: { at: number; label: string }[];
}

/** A scale that holds every given time, up to the next step of the ladder. */
export function scaleFor(times: number[]): Scale {
  const longest = Math.max(SHORTEST_S * 6, ...times);
  const end = LADDER.find(([seconds]) => seconds >= longest)?.[0] ?? longest;
  const width = Math.log(end / SHORTEST_S);
  const at = (seconds: number) => Math.min(1, Math.max(0, Math.log(Math.max(seconds, SHORTEST_S) / SHORTEST_S) / width));
  const ticks = LADDER.filter(([seconds]) => seconds <= end).map(([seconds, label]) => ({ at: at(seconds), label }));
  return { at, ticks };
}
