import { moment } from "@/lib/dates";

/** An instant in London time. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}
