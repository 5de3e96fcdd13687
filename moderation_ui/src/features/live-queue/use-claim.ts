// One moderator, one claim: taking it, keeping it alive, losing it, giving it up. What was typed outlives the claim.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { ApiError, sentence } from "@/lib/api-client";
import { idleFor } from "@/lib/attention";
import type { Claim, DismissCommand } from "@/lib/api-types";
import { claimEvent } from "./api/claim-event";
import { claimNext } from "./api/claim-next";
import { dismissEvent } from "./api/dismiss-event";
import { extendClaim } from "./api/extend-claim";
import { gradeEvent } from "./api/grade-event";
import { releaseClaim } from "./api/release-claim";
import { BLANK, type GradeDraft, toCommand } from "./grade-draft";

const HEARTBEAT_MS = 20_000;
// Somebody who reads touches the page now and then. A moderator who has left must not hold an event back.
const AWAY_MS = 5 * 60_000;

export interface ClaimDesk {
  claim: Claim | null;
  isLost: boolean;
  isBusy: boolean;
  draft: GradeDraft;
  said: string;
  trouble: string | null;
  setDraft: (draft: GradeDraft) => void;
  takeNext: () => Promise<void>;
  take: (eventId: string) => Promise<void>;
  sendGrade: () => Promise<void>;
  dismiss: (reason: DismissCommand["reason"]) => Promise<void>;
  release: () => Promise<void>;
}

const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 409;

export function useClaim(): ClaimDesk {
  const client = useQueryClient();
  const [claim, setClaim] = useState<Claim | null>(null);
  const [isLost, setLost] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [drafts, setDrafts] = useState<Record<string, GradeDraft>>({});
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);

  useHeartbeat(claim, isLost, setLost);

  const draft = (claim && drafts[claim.event_id]) ?? BLANK;
  const hold = useCallback((next: Claim | null) => {
    setClaim(next);
    setLost(false);
  }, []);
  const forget = (eventId: string) => setDrafts(({ [eventId]: _, ...others }) => others);

  /** Runs one command at a time; a lost claim keeps the page as it is and says so. */
  const run = async (command: () => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    setTrouble(null);
    try {
      await command();
    } catch (error) {
      if (isGone(error) && claim) setLost(true);
      // An ended session has a dialog of its own, and nothing of this is true any more once it is answered.
      else if (!(error instanceof ApiError && error.status === 401)) setTrouble(sentence(error));
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: ["queue"] });
    }
  };

  const next = async (done: string) => {
    let taken: Claim | null = null;
    try {
      taken = await claimNext();
    } catch (error) {
      // The decision before it stands; only the next event could not be had.
      setTrouble(sentence(error));
    }
    hold(taken);
    setSaid(taken ? `${done} Next event claimed.` : `${done} Nothing is waiting.`.trim());
  };

  return {
    claim,
    isLost,
    isBusy,
    draft,
    said,
    trouble,
    setDraft: (changed) => claim && setDrafts((all) => ({ ...all, [claim.event_id]: changed })),
    takeNext: () => run(() => next("")),
    take: (eventId) =>
      run(async () => {
        const isSame = claim?.event_id === eventId;
        if (claim && !isSame && !isLost) await releaseClaim(claim);
        try {
          hold(await claimEvent(eventId));
          setSaid("Event claimed.");
        } catch (error) {
          if (!isSame) hold(null);
          if (!isGone(error)) throw error;
          setTrouble(sentence(error));
        }
      }),
    sendGrade: () =>
      run(async () => {
        if (!claim) return;
        await gradeEvent(claim.event_id, toCommand(draft, claim));
        forget(claim.event_id);
        await next(`Graded Level ${draft.severity}.`);
      }),
    dismiss: (reason) =>
      run(async () => {
        if (!claim) return;
        await dismissEvent(claim, reason);
        forget(claim.event_id);
        await next("Dismissed.");
      }),
    release: () =>
      run(async () => {
        if (!claim) return;
        if (!isLost) await releaseClaim(claim);
        hold(null);
        setSaid("Released. It is back in the queue.");
      }),
  };
}

/** Keeps the claim alive while the page can be seen and somebody is at it. */
function useHeartbeat(claim: Claim | null, isLost: boolean, setLost: (lost: boolean) => void): void {
  useEffect(() => {
    if (!claim || isLost) return;
    const beat = async () => {
      if (document.visibilityState !== "visible" || idleFor() > AWAY_MS) return;
      try {
        await extendClaim(claim);
      } catch (error) {
        if (isGone(error)) setLost(true);
      }
    };
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    document.addEventListener("visibilitychange", beat);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", beat);
    };
  }, [claim, isLost, setLost]);
}
