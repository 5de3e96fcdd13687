import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Banner } from "@/components/banner";
import { SessionEnded } from "@/features/sign-in/components/session-ended";
import { SignInPage } from "@/features/sign-in/components/sign-in-page";
import { meQuery } from "@/features/sign-in/api/get-me";
import { signOut } from "@/features/sign-in/api/sign-out";
import { sentence, whenSessionEnds } from "@/lib/api-client";
import type { Me } from "@/lib/api-types";
import { useIdleEnd } from "./use-idle-end";
import { SessionContext, SignedInContext } from "./use-signed-in";

const showsNames = (me: Me): boolean => me.permissions.some((permission) => permission.startsWith("record:"));

/** Lets nobody past who is not signed in, at whatever address they are; they stay there and go on afterwards. When the
 * session ends under somebody, the page is covered and kept, so that a half-written message survives. */
export function Gate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useQuery(meQuery);
  const [kept, setKept] = useState<Me | null>(null);
  const session = useSessionCount(Boolean(me.data));

  useEffect(() => whenSessionEnds(() => client.setQueryData(meQuery.queryKey, null)), [client]);
  useEffect(() => {
    if (!me.data) return;
    // Another person on the same page must not see what the first one had open.
    if (kept && kept.staff_id !== me.data.staff_id) window.location.assign("/");
    else setKept(me.data);
  }, [me.data, kept]);

  const endSession = useCallback(() => {
    const cover = () => client.setQueryData(meQuery.queryKey, null);
    signOut().then(cover, cover);
  }, [client]);
  // A record left open on a desk in a school is covered. A moderator's screen shows no names and must go on waiting.
  useIdleEnd(me.data ? showsNames(me.data) : false, endSession);

  const isSamePerson = me.data && kept && me.data.staff_id === kept.staff_id;
  if (!kept) {
    if (me.isError) return <Banner tone="danger">{sentence(me.error)}</Banner>;
    return me.isPending || me.data ? null : <SignInPage />;
  }
  return (
    <SignedInContext value={isSamePerson ? me.data : kept}>
      <SessionContext value={session}>
        {children}
        <SessionEnded isOpen={me.data === null} name={kept.display_name} />
      </SessionContext>
    </SignedInContext>
  );
}

function useSessionCount(isSignedIn: boolean): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (isSignedIn) setCount((before) => before + 1);
  }, [isSignedIn]);
  return count;
}
