// How an alert's state reads to a DSL, and the order in which alerts are listed: what waits for an answer first.
import type { AlertRow } from "@/lib/api-types";

export type Tone = "neutral" | "good" | "warn" | "danger";

const OPEN = new Set(["raised", "told", "acknowledged"]);

export const isOpen = (alert: AlertRow): boolean => OPEN.has(alert.state);

export const isUnanswered = (alert: AlertRow): boolean => isOpen(alert) && alert.acknowledged_at === null;

export function stateWords(alert: AlertRow): { words: string; tone: Tone } {
  if (alert.state === "recorded") return { words: "In the record", tone: "good" };
  if (alert.state === "no_further_action") return { words: "No further action", tone: "neutral" };
  if (alert.acknowledged_at) return { words: "Acknowledged", tone: "neutral" };
  return { words: "Not acknowledged", tone: "danger" };
}

const rank = (alert: AlertRow): number => (isUnanswered(alert) ? 0 : isOpen(alert) ? 1 : 2);

/** Unanswered first, then open, then the rest; inside each the higher level, then the newer. */
export function inOrder(alerts: AlertRow[]): AlertRow[] {
  return [...alerts].sort(
    (a, b) => rank(a) - rank(b) || (rank(a) < 2 ? b.severity - a.severity : 0) || b.raised_at.localeCompare(a.raised_at),
  );
}

export function studentLine(alert: AlertRow): string {
  if (!alert.student) return "Student not identified";
  return alert.student.display_name;
}
