import { Navigate } from "@tanstack/react-router";
import { Panel } from "@/components/panel";
import { roomsOf } from "../rooms";
import { useSignedIn } from "../use-signed-in";

/** Straight to the first page of one's work. */
export function HomePage() {
  const me = useSignedIn();
  const first = roomsOf(me)[0];
  if (first) return <Navigate to={first.to} replace />;
  return (
    <Panel title="Nothing to show yet" isPage>
      <p>
        You are signed in as {me.display_name}, and nobody has given you a role. Ask your trust’s safeguarding officer.
      </p>
    </Panel>
  );
}
