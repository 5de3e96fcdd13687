import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { Due } from "@/components/due";
import { Moment } from "@/components/moment-text";
import { StateChip, StepChip } from "@/components/tone-chip";
import { sentence } from "@/lib/api-client";
import type { AlertRow } from "@/lib/api-types";
import { timeWithSeconds } from "@/lib/dates";
import { useRefetchInterval } from "@/lib/live-state";
import { usePageTitle } from "@/lib/page-title";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { type AlertState, alertsQuery } from "../api/get-alerts";
import styles from "./alert-list.module.css";
import { inOrder, isUnanswered, stateWords, studentLine } from "./alert-words";

/** The alerts of the reader's academies; what nobody has answered stands on top. */
export function AlertList() {
  usePageTitle("Alerts");
  const [state, setState] = useState<AlertState>("open");
  const alerts = useQuery({ ...alertsQuery(state), refetchInterval: useRefetchInterval() });
  const rows = inOrder(alerts.data?.items ?? []);
  const unanswered = rows.filter(isUnanswered).length;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div>
          <h1>Alerts</h1>
          <p className={styles.soft} role="status">
            {unanswered === 0
              ? "Nothing waits for an acknowledgement."
              : `${unanswered} ${unanswered === 1 ? "alert waits" : "alerts wait"} for an acknowledgement.`}
          </p>
        </div>
        <div className={styles.filter} role="group" aria-label="Which alerts">
          {(["open", "all"] as const).map((each) => (
            <ActionButton key={each} aria-pressed={state === each} onPress={() => setState(each)}>
              {each === "open" ? "Open" : "All"}
            </ActionButton>
          ))}
        </div>
      </div>
      {alerts.isError && (
        <Banner tone="danger">
          {sentence(alerts.error)}{" "}
          {alerts.dataUpdatedAt > 0 && `The list below is from ${timeWithSeconds(alerts.dataUpdatedAt)}.`}
        </Banner>
      )}
      <ul className={styles.list}>
        {alerts.isPending && <li className={styles.empty}>Fetching alerts…</li>}
        {alerts.isSuccess && rows.length === 0 && (
          <li className={styles.empty}>
            {state === "open" ? "No open alerts. New ones appear here by themselves." : "No alerts yet."}
          </li>
        )}
        {rows.map((alert) => (
          <Row key={alert.alert_id} alert={alert} />
        ))}
      </ul>
    </div>
  );
}

function Row({ alert }: { alert: AlertRow }) {
  const taxonomy = useTaxonomy();
  const { words, tone } = stateWords(alert);
  const waits = isUnanswered(alert);
  return (
    <li className={`${styles.item} ${waits ? styles.waiting : ""}`}>
      <Link className={styles.row} to="/alerts/$alertId" params={{ alertId: alert.alert_id }} data-testid="alert-row">
        <span>
          <StepChip step={alert.severity} isGuess={alert.is_unreviewed}>Level {alert.severity}</StepChip>
          {alert.is_unreviewed && (
            <>
              <br />
              <StateChip tone="warn">Unreviewed</StateChip>
            </>
          )}
        </span>
        <span>
          <span className={styles.name}>{studentLine(alert)}</span>
          <br />
          <span className={styles.soft}>
            {alert.student?.year_group != null && `Year ${alert.student.year_group} · `}
            {alert.academy_name}
          </span>
        </span>
        <span>
          {labelOf(taxonomy.categories, alert.category)} · {labelOf(taxonomy.themes, alert.theme)}
          <br />
          <span className={styles.soft}>
            typed <Moment at={alert.occurred_at} />
          </span>
        </span>
        <span className={styles.state}>
          <StateChip tone={tone}>{words}</StateChip>
          <br />
          <span className={styles.soft}>
            {waits && alert.acknowledge_due_at ? (
              <Due at={alert.acknowledge_due_at} verb="answer due" />
            ) : (
              (alert.acknowledged_by_name ?? "")
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}
