import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { PickList } from "@/components/pick-list";
import { sentence } from "@/lib/api-client";
import type { DismissCommand } from "@/lib/api-types";
import { type Commands, useCommands } from "@/lib/keyboard";
import { usePageTitle } from "@/lib/page-title";
import { labelOf, useTaxonomy } from "@/lib/taxonomy";
import { queueQuery } from "../api/get-queue";
import { reviewQuery } from "../api/get-review-event";
import { isComplete, type Missing, missingFrom, withCategory, withTheme } from "../grade-draft";
import { type ClaimDesk, useClaim } from "../use-claim";
import { GradeForm } from "./grade-form";
import { KeySheet } from "./key-sheet";
import { QueueList } from "./queue-list";
import { ReviewPane } from "./review-pane";
import pane from "./review-pane.module.css";
import styles from "./review-screen.module.css";

type OpenList = "category" | "theme" | "reason" | "keys" | null;

/** Queue on the left, the claimed event in the middle, the grade on the right; all of it by keyboard alone. */
export function ReviewScreen() {
  usePageTitle("Live queue");
  const desk = useClaim();
  const [list, setList] = useState<OpenList>(null);
  const [shown, setShown] = useState<Missing>({});
  const messageRef = useRef<HTMLTextAreaElement>(null);
  const event = useQuery({ ...reviewQuery(desk.claim?.event_id ?? ""), enabled: desk.claim !== null });
  const headingRef = useFocusOnArrival(desk.claim?.event_id ?? null);
  const missing = onlyStillMissing(shown, missingFrom(desk.draft));

  useEffect(() => setShown({}), [desk.claim?.event_id]);

  const submit = () => {
    if (isComplete(desk.draft)) return void desk.sendGrade();
    const now = missingFrom(desk.draft);
    setShown(now);
    if (now.message && !now.theme && !now.severity) messageRef.current?.focus();
  };
  useReviewKeys(desk, { submit, setList, write: () => messageRef.current?.focus() });

  return (
    <div className={`${styles.screen} ${desk.claim ? styles.withEvent : ""}`}>
      <div className={styles.queue}>
        <QueueList desk={desk} />
        <div className={styles.keys}>
          <ActionButton tone="quiet" hint="?" onPress={() => setList("keys")}>
            Keys
          </ActionButton>
        </div>
      </div>
      <div className={styles.review}>
        <div className={styles.stack}>
          {desk.trouble && <Banner tone="danger">{desk.trouble}</Banner>}
          {desk.isLost && <LostClaim desk={desk} />}
          {event.isError && desk.claim && <Banner tone="danger">{sentence(event.error)}</Banner>}
        </div>
        {!desk.claim && <NothingOpen headingRef={headingRef} />}
        {desk.claim && event.isPending && <p className={pane.small}>Opening…</p>}
        {desk.claim && event.data && <ReviewPane key={event.data.event_id} event={event.data} headingRef={headingRef} />}
      </div>
      {desk.claim && (
        <div className={styles.grade}>
          <GradeForm
            draft={desk.draft}
            missing={missing}
            isBusy={desk.isBusy}
            isLost={desk.isLost}
            messageRef={messageRef}
            onChange={desk.setDraft}
            onOpen={setList}
            onSubmit={submit}
            onRelease={() => void desk.release()}
          />
        </div>
      )}
      <p className="visually-hidden" role="status">
        {desk.said}
      </p>
      <Lists desk={desk} list={list} setList={setList} />
    </div>
  );
}

/** Errors appear when somebody tried to submit, and go as soon as they are put right. */
function onlyStillMissing(shown: Missing, now: Missing): Missing {
  return Object.fromEntries(Object.entries(now).filter(([part]) => part in shown)) as Missing;
}

/** Brings the focus to the heading of whatever has just been opened, so that it is never lost. */
function useFocusOnArrival(eventId: string | null) {
  const last = useRef<string | null>(null);
  const isFirst = useRef(true);
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      if (!isFirst.current && last.current !== eventId) element.focus();
      isFirst.current = false;
      last.current = eventId;
    },
    [eventId],
  );
}

interface Doings {
  submit: () => void;
  write: () => void;
  setList: (list: OpenList) => void;
}

function useReviewKeys(desk: ClaimDesk, { submit, write, setList }: Doings): void {
  const mine = useQuery(queueQuery).data?.items.find((item) => item.claimed_by_me);
  const start = () => void (mine ? desk.take(mine.event_id) : desk.takeNext());
  const levels: Commands = Object.fromEntries(
    ([1, 2, 3, 4, 5] as const).map((severity) => [String(severity), () => desk.setDraft({ ...desk.draft, severity })]),
  );
  const leaveField = () => (document.activeElement as HTMLElement | null)?.closest("[role=main], main")?.querySelector<HTMLElement>("h2[tabindex]")?.focus();
  const help = { "?": () => setList("keys") };
  const withoutEvent: Commands = { Enter: start, j: start, n: start, ...help };
  const withEvent: Commands = {
    ...levels,
    ...help,
    c: () => setList("category"),
    t: () => setList("theme"),
    m: write,
    n: write,
    Enter: desk.isLost ? undefined : submit,
    "Ctrl+Enter": desk.isLost ? undefined : submit,
    d: desk.isLost ? undefined : () => setList("reason"),
    "0": desk.isLost ? undefined : () => setList("reason"),
    s: () => void desk.release(),
    Escape: leaveField,
  };
  useCommands(desk.claim ? withEvent : withoutEvent);
}

function NothingOpen({ headingRef }: { headingRef: (element: HTMLElement | null) => void }) {
  return (
    <div className={pane.empty}>
      <h2 ref={headingRef} tabIndex={-1}>
        No event open
      </h2>
      <p className={pane.small}>
        Press <kbd>Enter</kbd> to claim the next event, or choose one from the queue. Press <kbd>?</kbd> for all keys.
      </p>
    </div>
  );
}

function LostClaim({ desk }: { desk: ClaimDesk }) {
  return (
    <Banner tone="danger">
      <p>
        <strong>Your hold on this event has ended.</strong> Nothing was sent. What you typed is kept here; take the event
        again to send it.
      </p>
      <ActionButton isDisabled={desk.isBusy} onPress={() => desk.claim && void desk.take(desk.claim.event_id)}>
        Take it again
      </ActionButton>
    </Banner>
  );
}

function Lists({ desk, list, setList }: { desk: ClaimDesk; list: OpenList; setList: (list: OpenList) => void }) {
  const taxonomy = useTaxonomy();
  const { draft, setDraft } = desk;
  const close = () => setList(null);
  const isNarrowed = draft.category !== "" && draft.theme === "";
  const themes = taxonomy.themes.filter((theme) => !isNarrowed || theme.category === draft.category);
  const pickCategory = (id: string) => {
    const changed = withCategory(draft, id, taxonomy.themes);
    setDraft(changed);
    setList(changed.theme === "" ? "theme" : null);
  };
  const pickTheme = (id: string) => {
    const theme = taxonomy.themes.find((each) => each.id === id);
    if (theme) setDraft(withTheme(draft, theme));
    close();
  };
  const dismiss = (reason: string) => {
    close();
    void desk.dismiss(reason as DismissCommand["reason"]);
  };
  const lists = {
    category: {
      title: "Category",
      help: "Type letters or use the arrows, then Enter.",
      choices: taxonomy.categories,
      onPick: pickCategory,
    },
    theme: {
      title: "Theme",
      help: "Type letters or use the arrows, then Enter. The category follows.",
      choices: themes.map((theme) => ({ ...theme, detail: labelOf(taxonomy.categories, theme.category) })),
      onPick: pickTheme,
    },
    reason: {
      title: "Dismiss: why is there no risk?",
      help: "Type letters or use the arrows. Enter dismisses the event and claims the next.",
      choices: taxonomy.dismissal_reasons,
      onPick: dismiss,
    },
  };
  const shown = list === null || list === "keys" ? null : lists[list];
  return (
    <>
      {/* One dialog for all lists, so that going from category to theme keeps the focus inside it. */}
      {shown && <PickList {...shown} onClose={close} />}
      <KeySheet isOpen={list === "keys"} onClose={close} />
    </>
  );
}
