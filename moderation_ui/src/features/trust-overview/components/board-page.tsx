import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { Select } from "@/components/field";
import { Panel } from "@/components/panel";
import { sentence } from "@/lib/api-client";
import type { Board, StepName } from "@/lib/api-types";
import { timeWithSeconds } from "@/lib/dates";
import { useRefetchInterval } from "@/lib/live-state";
import { usePageTitle } from "@/lib/page-title";
import { boardQuery } from "../api/get-board";
import { AcademyTable } from "./academy-table";
import styles from "./board.module.css";
import { TimesChart, TimesTable } from "./times-chart";
import { WeeksChart, WeeksTable } from "./weeks-chart";

const STEPS: StepName[] = ["grade", "tell", "acknowledge", "record", "action"];

/** What the server's names of numbers are called on this page. */
const NAMES: Record<string, string> = {
  window: "Period",
  grade: "To grade",
  tell: "To tell the school",
  acknowledge: "To acknowledge",
  record: "To record",
  action: "To first action",
  p50: "Half within",
  p95: "95 of 100 within",
  n: "Done (n)",
  open_of_a_time: "Still open, of a time",
  alerts: "Alerts, Level 1 to 5",
  unreviewed: "Sent unreviewed",
  open: "Open",
  unacknowledged: "Not acknowledged",
  overdue: "Overdue",
  concerns_open: "Concerns open",
  referrals: "Referrals",
  events: "Events received",
  dismissed: "Dismissed",
  by_severity: "Alerts by week",
};

const WINDOWS = [4, 6, 12, 26].map((weeks) => ({ id: String(weeks), label: `${weeks} weeks` }));

/** Counts and times of every academy the reader answers for. No student and no text ever stands here. */
export function BoardPage() {
  usePageTitle("Board");
  const [weeks, setWeeks] = useState(6);
  const found = useQuery({ ...boardQuery(weeks), refetchInterval: useRefetchInterval() });
  const board = found.data;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div>
          <h1>Board</h1>
          <p className={styles.soft}>{board ? `As at ${timeWithSeconds(board.as_at)}` : "Counting…"}</p>
        </div>
        <Select label="Period" choices={WINDOWS} value={String(weeks)} onChange={(event) => setWeeks(Number(event.target.value))} />
      </div>
      {found.isError && (
        <Banner tone="danger">
          {sentence(found.error)} {board && `The numbers below are from ${timeWithSeconds(board.as_at)}.`}
        </Banner>
      )}
      {board && <BoardBody board={board} />}
    </div>
  );
}

function BoardBody({ board }: { board: Board }) {
  const [step, setStep] = useState<StepName>("acknowledge");
  const name = NAMES[step] ?? step;
  return (
    <>
      <Totals board={board} />
      <Panel title="Academies">
        <AcademyTable academies={board.academies} />
      </Panel>
      <div className={styles.columns}>
        <Panel title="Response times">
          <div className={styles.tabs} role="group" aria-label="Which time">
            {STEPS.map((each) => (
              <ActionButton key={each} aria-pressed={each === step} onPress={() => setStep(each)}>
                {NAMES[each]}
              </ActionButton>
            ))}
          </div>
          <p className={styles.legend}>
            {board.definitions[step] && <span className={styles.soft}>{board.definitions[step]}</span>}
            <span>● half within</span>
            <span>○ 95 of 100 within</span>
          </p>
          <TimesChart academies={board.academies} step={step} name={name} />
          <details className={styles.more}>
            <summary>Response times as a table</summary>
            <TimesTable academies={board.academies} step={step} name={name} />
          </details>
        </Panel>
        <Panel title="Alerts by week">
          <WeeksChart weeks={board.weeks} />
          <details className={styles.more}>
            <summary>Alerts by week as a table</summary>
            <WeeksTable weeks={board.weeks} />
          </details>
        </Panel>
      </div>
      <Definitions definitions={board.definitions} />
    </>
  );
}

function Totals({ board }: { board: Board }) {
  const { totals } = board;
  const shown: [string, number, boolean][] = [
    ["Events received", totals.events, false],
    ["Dismissed", totals.dismissed, false],
    ["Alerts", totals.alerts, false],
    ["Sent unreviewed", totals.unreviewed, totals.unreviewed > 0],
    ["Open now", totals.open, false],
    ["Overdue now", totals.overdue, totals.overdue > 0],
  ];
  return (
    <dl className={styles.totals}>
      {shown.map(([label, value, isBad]) => (
        <div key={label} className={`${styles.total} ${isBad ? styles.over : ""}`}>
          <dt className={styles.soft}>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Definitions({ definitions }: { definitions: Record<string, string> }) {
  return (
    <details className={styles.more}>
      <summary>What each number means</summary>
      <dl className={styles.words}>
        {Object.entries(definitions).map(([name, text]) => (
          <div key={name}>
            <dt>{NAMES[name] ?? name.replaceAll("_", " ")}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
