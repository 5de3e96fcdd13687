import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { Banner } from "@/components/banner";
import { Due } from "@/components/due";
import { Facts } from "@/components/facts";
import { DeletedText } from "@/components/deleted-text";
import { HoldToReveal } from "@/components/hold-to-reveal";
import { MarkedText } from "@/components/marked-text";
import { Moment } from "@/components/moment-text";
import { Panel } from "@/components/panel";
import { Timeline } from "@/components/timeline";
import { StateChip, StepChip } from "@/components/tone-chip";
import { sentence } from "@/lib/api-client";
import type { AlertPage as Alert, Notice } from "@/lib/api-types";
import { usePageTitle } from "@/lib/page-title";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { alertQuery } from "../api/get-alert";
import { getScreenshot } from "../api/get-screenshot";
import { AlertAnswer } from "./alert-answer";
import styles from "./alert-page.module.css";
import { isUnanswered, stateWords, studentLine } from "./alert-words";

interface Props {
  alertId: string;
  /** Chooses the student when the alert names none; the page that composes features brings it. */
  studentPicker: (onPick: (studentId: string) => void) => ReactNode;
}

/** One alert: what the moderator says first, then what was typed, then who was told; the answer beside it. */
export function AlertPage({ alertId, studentPicker }: Props) {
  usePageTitle("Alert");
  const found = useQuery(alertQuery(alertId));
  if (found.isPending) return <p>Opening the alert…</p>;
  if (found.isError) return <Banner tone="danger">{sentence(found.error)}</Banner>;
  const alert = found.data;
  return (
    <article className={styles.page}>
      <AlertHead alert={alert} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Message alert={alert} />
          <Evidence alert={alert} />
        </div>
        <div className={styles.column}>
          <AlertAnswer alert={alert} studentPicker={studentPicker} />
          <Panel title="Who was told">
            <Notices notices={alert.notices} />
          </Panel>
          <Panel title="Details">
            <Details alert={alert} />
          </Panel>
        </div>
      </div>
    </article>
  );
}

function AlertHead({ alert }: { alert: Alert }) {
  const taxonomy = useTaxonomy();
  const { words, tone } = stateWords(alert);
  return (
    <header className={styles.head}>
      <p>
        <Link to="/alerts">All alerts</Link>
      </p>
      <div className={styles.title}>
        <StepChip step={alert.severity} isGuess={alert.is_unreviewed}>Level {alert.severity}</StepChip>
        {alert.is_unreviewed && <StateChip tone="warn">Unreviewed</StateChip>}
        <h1>{studentLine(alert)}</h1>
        <StateChip tone={tone}>{words}</StateChip>
        {isUnanswered(alert) && alert.acknowledge_due_at && <Due at={alert.acknowledge_due_at} verb="answer due" />}
      </div>
      <p>
        {labelOf(taxonomy.categories, alert.category)} · {labelOf(taxonomy.themes, alert.theme)}
        <span className={styles.soft}>
          {" "}
          · {alert.student?.year_group != null && `Year ${alert.student.year_group} · `}
          {alert.academy_name}
        </span>
      </p>
      {alert.review_note && <Banner tone={alert.is_unreviewed ? "warn" : "info"}>{alert.review_note}</Banner>}
    </header>
  );
}

function Message({ alert }: { alert: Alert }) {
  return (
    <Panel title="Message from the moderator">
      {alert.message ? (
        <p className={styles.message}>{alert.message}</p>
      ) : (
        <p className={styles.soft}>
          {alert.facets ? "The moderator graded this without a message." : "No moderator has written about this."}
        </p>
      )}
    </Panel>
  );
}

function Evidence({ alert }: { alert: Alert }) {
  const taxonomy = useTaxonomy();
  // Evidence is kept under the event's id; the alert page says which.
  const load = useCallback(() => getScreenshot(alert.event_id), [alert.event_id]);
  return (
    <>
      <Panel title="What was typed">
        <MarkedText text={alert.passage} marks={alert.marks} nameOf={(theme) => labelOf(taxonomy.themes, theme)} />
        <DeletedText text={alert.deleted_text} />
        <p className={styles.soft}>
          in {alert.application}
          {alert.window_title && ` · ${alert.window_title}`}
          {alert.host && ` · ${alert.host}`}
        </p>
      </Panel>
      <Panel title="Context before it">
        {alert.context.length === 0 && <p className={styles.soft}>Nothing else was typed there in the minutes before.</p>}
        <Timeline lines={alert.context} endsAt={alert.occurred_at} endsWith="This passage" />
      </Panel>
      <Panel title="Screenshot">
        {!alert.has_screenshot && <p className={styles.soft}>No screenshot was taken.</p>}
        {alert.has_screenshot && !alert.screenshot_arrived && (
          <p className={styles.soft}>A screenshot was taken and is still on its way.</p>
        )}
        {alert.screenshot_arrived && (
          <HoldToReveal load={load} alt="The student’s screen when this was typed" onError={sentence} />
        )}
      </Panel>
    </>
  );
}

function Notices({ notices }: { notices: Notice[] }) {
  if (notices.length === 0) return <p className={styles.soft}>Nobody has been told by email.</p>;
  return (
    <ul className={styles.notices}>
      {notices.map((notice, index) => (
        <li key={index}>
          <span>
            {notice.staff_name ?? "Somebody outside your academy"}{" "}
            <span className={styles.soft}>
              by {notice.channel}
              {notice.kind === "correction" && ", a correction"}
            </span>
          </span>
          <span className={styles.soft}>
            {notice.sent_at ? <Moment at={notice.sent_at} /> : notice.state === "failed" ? "could not be sent" : "being sent"}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Details({ alert }: { alert: Alert }) {
  const taxonomy = useTaxonomy();
  const facets = alert.facets;
  return (
    <Facts
      pairs={[
        ["Reference", alert.reference],
        ["Signed in as", alert.account],
        ["Typed", <Moment key="typed" at={alert.occurred_at} />],
        ["Alert raised", <Moment key="raised" at={alert.raised_at} />],
        ["About", facets && labelOf(taxonomy.subject_roles, facets.subject_role)],
        ["How real", facets && labelOf(taxonomy.authenticities, facets.authenticity)],
        ["How soon", facets && labelOf(taxonomy.immediacies, facets.immediacy)],
        ["Call asked for", facets && (facets.call_required ? "Yes" : "No")],
        ["Earlier alerts", alert.events_before],
      ]}
    />
  );
}
