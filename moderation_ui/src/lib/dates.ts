// Every time on screen is a London time, whatever the machine's own clock zone; durations are worded short.

const ZONE = "Europe/London";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const day = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const shortDay = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "numeric", month: "short" });
const plainDay = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

export const timeOfDay = (iso: string): string => clock.format(new Date(iso));
export const timeWithSeconds = (iso: string | number): string => clockSeconds.format(new Date(iso));
export const dayOf = (iso: string): string => day.format(new Date(iso));
export const shortDayOf = (iso: string): string => shortDay.format(new Date(iso));

/** "Mon, 3 Nov 2026, 09:14", or "today, 09:14". */
export function moment(iso: string, now: number = Date.now()): string {
  const date = new Date(iso);
  const isToday = plainDay.format(date) === plainDay.format(new Date(now));
  return isToday ? `today, ${clock.format(date)}` : `${day.format(date)}, ${clock.format(date)}`;
}

/** A length of time in two units at most: "45 s", "12 min", "3 h 05 min", "2 d 4 h". */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A countdown for the last ten minutes: "4:05"; longer spans are worded. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return s < 600 ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : span(s);
}

export const secondsBetween = (from: string, to: string | number): number =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;

/** The value an <input type="datetime-local"> wants, in London time. */
export function toLocalInput(date: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** Reads such a value back as an instant, in London time, summer or winter. */
export function fromLocalInput(value: string): string {
  const asUtc = new Date(`${value}:00Z`);
  const shown = new Date(`${toLocalInput(asUtc)}:00Z`);
  const guess = new Date(asUtc.getTime() - (shown.getTime() - asUtc.getTime()));
  const again = new Date(`${toLocalInput(guess)}:00Z`);
  return new Date(guess.getTime() - (again.getTime() - asUtc.getTime())).toISOString();
}
