import { useCallback } from "react";
import { DeletedText } from "@/components/deleted-text";
import { Due } from "@/components/due";
import { HoldToReveal } from "@/components/hold-to-reveal";
import { MarkedText } from "@/components/marked-text";
import { Moment } from "@/components/moment-text";
import { Panel } from "@/components/panel";
import { Timeline } from "@/components/timeline";
import { sentence } from "@/lib/api-client";
import type { ReviewEvent } from "@/lib/api-types";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { getScreenshot } from "../api/get-screenshot";
import styles from "./review-pane.module.css";
import { SuggestionNote } from "./suggestion-note";

/** Everything a moderator may see of one event: text first, the picture only when held. */
export function ReviewPane({ event, headingRef }: { event: ReviewEvent; headingRef: (element: HTMLElement | null) => void }) {
  const taxonomy = useTaxonomy();
  return (
    <div className={styles.pane}>
      <ReviewHead event={event} headingRef={headingRef} />
      <Panel title="What was typed">
        <MarkedText text={event.passage} marks={event.marks} nameOf={(theme) => labelOf(taxonomy.themes, theme)} />
        <DeletedText text={event.deleted_text} />
      </Panel>
      <Panel title="Context before it">
        {event.context.length === 0 && <p className={styles.small}>Nothing else was typed here in the minutes before.</p>}
        <Timeline lines={event.context} endsAt={event.occurred_at} endsWith="This passage" />
      </Panel>
      <Panel title="Screenshot">
        <Screenshot event={event} />
      </Panel>
      <SuggestionNote suggestion={event.suggestion} />
    </div>
  );
}

function ReviewHead({ event, headingRef }: { event: ReviewEvent; headingRef: (element: HTMLElement | null) => void }) {
  const age = event.age_band === "unknown" ? "age unknown" : `age ${event.age_band.replace("-", "–")}`;
  return (
    <header className={styles.head}>
      <h2 ref={headingRef} tabIndex={-1}>
        Student {event.student_pseudonym}, {age}
      </h2>
      <p className={styles.facts}>
        <strong>
          {earlierWords(event.earlier_events)}
        </strong>
        <span>
          typed <Moment at={event.occurred_at} />
        </span>
        <Due at={event.due_at} verb="decision due" />
      </p>
      <p className={styles.where}>
        <strong>{event.application}</strong>
        {event.window_title && ` · ${event.window_title}`}
        {event.host && ` · ${event.host}`}
      </p>
    </header>
  );
}

function earlierWords(count: number): string {
  if (count === 0) return "No earlier events";
  return count === 1 ? "1 earlier event" : `${count} earlier events`;
}

function Screenshot({ event }: { event: ReviewEvent }) {
  const load = useCallback(() => getScreenshot(event.event_id), [event.event_id]);
  if (!event.has_screenshot) return <p className={styles.small}>No screenshot was taken.</p>;
  if (!event.screenshot_arrived) return <p className={styles.small}>A screenshot was taken and is still on its way.</p>;
  return <HoldToReveal load={load} alt="The student’s screen when this was typed" onError={sentence} />;
}
