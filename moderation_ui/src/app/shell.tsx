import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useMatches } from "@tanstack/react-router";
import { signOut } from "@/features/sign-in/api/sign-out";
import { SCHEME_WORDS, useColourScheme } from "./colour-scheme";
import { LiveBadge } from "./live-badge";
import { LiveFeed } from "./live-feed";
import { roomsOf } from "./rooms";
import styles from "./shell.module.css";
import { useSignedIn } from "./use-signed-in";

const ROLE_WORDS: Record<string, string> = {
  moderator: "Moderator",
  moderation_lead: "Moderation lead",
  dsl: "Designated Safeguarding Lead",
  deputy_dsl: "Deputy Safeguarding Lead",
  trust_officer: "Trust safeguarding officer",
};

/** The bar above every page, and the page. */
export function Shell() {
  const isWide = useMatches({ select: (matches) => matches.some((match) => match.routeId === "/queue") });
  return (
    <LiveFeed>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <Bar />
      <main id="main" tabIndex={-1} className={isWide ? "" : styles.page}>
        <Outlet />
      </main>
    </LiveFeed>
  );
}

function Bar() {
  const me = useSignedIn();
  const client = useQueryClient();
  const { scheme, turn } = useColourScheme();
  const rooms = roomsOf(me);
  const roles = [...new Set(me.appointments.map((each) => ROLE_WORDS[each.role] ?? each.role))].join(", ");
  const leave = async () => {
    await signOut();
    client.clear();
    window.location.assign("/");
  };
  return (
    <header className={styles.bar}>
      <span className={styles.brand}>
        <img src="/lantern.svg" alt="" width="24" height="24" />
        Lantern
      </span>
      <nav className={styles.nav} aria-label="Main">
        <ul>
          {rooms.map((room) => (
            <li key={room.to}>
              <Link to={room.to}>{room.label}</Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.end}>
        <LiveBadge />
        <span className={styles.who} title={roles}>
          {me.display_name}
        </span>
        <button type="button" className={styles.plain} onClick={turn}>
          <span aria-hidden="true">◐ </span>
          <span className="visually-hidden">Colours: </span>
          {SCHEME_WORDS[scheme]}
        </button>
        <button type="button" className={styles.plain} onClick={() => void leave()}>
          Sign out
        </button>
      </div>
    </header>
  );
}
