import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/panel";
import { usePageTitle } from "@/lib/page-title";
import { mayEnter, ROOMS, roomsOf } from "../rooms";
import { useSignedIn } from "../use-signed-in";

/** Shows the page to those who may see it, and an explanation to those who may not. */
export function RoomDoor({ permission, children }: { permission: string; children: ReactNode }) {
  return mayEnter(useSignedIn(), permission) ? children : <NoEntry permission={permission} />;
}

function NoEntry({ permission }: { permission: string }) {
  usePageTitle("Not for your role");
  const me = useSignedIn();
  const room = ROOMS.find((each) => each.permission === permission);
  return (
    <Panel title="This page is not for your role" isPage>
      <p>
        You are signed in as {me.display_name}. “{room?.label ?? "This page"}” is for {room?.forWhom ?? "other roles"}. If
        you should have it, ask your trust’s safeguarding officer or your team lead to appoint you.
      </p>
      <ul>
        {roomsOf(me).map((each) => (
          <li key={each.to}>
            <Link to={each.to}>Go to {each.label}</Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
