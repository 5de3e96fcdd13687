// A stand-in for the people's API while a page is being made: `npm run fake`. Answers from memory, forgets on restart,
// and sends the same security headers as the real one, so that what they forbid is seen early.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Plugin } from "vite";
import { type WebSocket, WebSocketServer } from "ws";
import type { QueueItem } from "../lib/api-types";
import { alerts, board, people, queue, record, review, students, taxonomy } from "./fake-data.ts";

const POLICY =
  "default-src 'self'; img-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#fff"/><text x="40" y="80" font-family="sans-serif" font-size="20">Untitled document</text><text x="40" y="130" font-family="sans-serif" font-size="16">(an invented screen)</text></svg>`;

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  who: string;
}
type Answer = [status: number, body?: unknown, headers?: Record<string, string>];
type Handler = (asked: Asked, id: string) => Answer;

const sockets = new Set<WebSocket>();
const tell = (kind: string, ids: Record<string, string> = {}) => {
  const at = new Date().toISOString();
  for (const socket of sockets) socket.send(JSON.stringify({ kind, at, ...ids }));
};
const refuse = (status: number, code: string, detail: string): Answer => [status, { code, detail }];

function claim(item: QueueItem | undefined): Answer {
  if (!item) return [204];
  item.state = "claimed";
  item.claimed_by_me = true;
  tell("EventClaimed", { event_id: item.event_id });
  const expires_at = new Date(Date.now() + 90_000).toISOString();
  return [200, { event_id: item.event_id, claim_token: `token-${item.event_id}`, expires_at }];
}

function decide(id: string, kind: string): void {
  const at = queue.findIndex((item) => item.event_id === id);
  if (at >= 0) queue.splice(at, 1);
  tell(kind, { event_id: id });
}

function release(id: string): Answer {
  const item = queue.find((each) => each.event_id === id);
  if (item) Object.assign(item, { state: "queued", claimed_by_me: false });
  tell("EventReleased", { event_id: id });
  return [204];
}

function acknowledge(id: string): void {
  const alert = alerts.find((each) => each.alert_id === id);
  if (alert) Object.assign(alert, { state: "acknowledged", acknowledged_at: new Date().toISOString(), acknowledged_by_name: "R. Okafor" });
  tell("AlertAcknowledged", { alert_id: id });
}

const grade: Handler = ({ body }, id) => {
  if (Number(body.severity) >= 4 && String(body.message).length < 10) return refuse(422, "invalid", "A message is needed.");
  decide(id, "EventGraded");
  return [200, { grade_id: `gr-${id}` }];
};

const newEvent: Handler = () => {
  const event_id = `new${Date.now()}`;
  const now = new Date().toISOString();
  const due_at = new Date(Date.now() + 900_000).toISOString();
  queue.unshift({ ...(queue[0] as QueueItem), event_id, received_at: now, due_at, severity: 4, theme: "T05", state: "queued", claimed_by_me: false });
  tell("EventReceived", { event_id });
  return [204];
};

const ROUTES: [method: string, path: RegExp, handler: Handler][] = [
  ["GET", /^\/api\/me$/, ({ who }) => [200, people[who]]],
  ["GET", /^\/api\/taxonomy$/, () => [200, taxonomy]],
  ["GET", /^\/api\/queue$/, () => [200, { counts: { queued: queue.filter((i) => i.state === "queued").length, claimed: queue.filter((i) => i.state === "claimed").length }, items: queue }]],
  ["POST", /^\/api\/queue\/claim$/, () => claim(queue.find((item) => item.state === "queued"))],
  ["POST", /^\/api\/queue\/([^/]+)\/claim$/, (_, id) => claim(queue.find((item) => item.event_id === id))],
  ["POST", /^\/api\/queue\/([^/]+)\/heartbeat$/, (_, id) => (queue.some((i) => i.event_id === id && i.claimed_by_me) ? [200, { expires_at: new Date(Date.now() + 90_000).toISOString() }] : refuse(409, "claim_lost", "Your hold on this event ended."))],
  ["POST", /^\/api\/queue\/([^/]+)\/release$/, (_, id) => release(id)],
  ["GET", /^\/api\/queue\/([^/]+)\/screenshot$/, () => [200, PICTURE, { "Content-Type": "image/svg+xml" }]],
  ["GET", /^\/api\/queue\/([^/]+)$/, (_, id) => [200, review(queue.find((item) => item.event_id === id) as QueueItem)]],
  ["GET", /^\/api\/evidence\/([^/]+)\/screenshot$/, () => [200, PICTURE, { "Content-Type": "image/svg+xml" }]],
  ["POST", /^\/api\/moderation\/([^/]+)\/grade$/, grade],
  ["POST", /^\/api\/moderation\/([^/]+)\/dismiss$/, (_, id) => (decide(id, "EventDismissed"), [204])],
  ["GET", /^\/api\/alerts$/, ({ query }) => [200, { items: alerts.filter((a) => query.get("state") === "all" || !["recorded", "no_further_action"].includes(a.state)) }]],
  ["GET", /^\/api\/alerts\/([^/]+)$/, (_, id) => [200, alerts.find((a) => a.alert_id === id)]],
  ["POST", /^\/api\/alerts\/([^/]+)\/acknowledge$/, (_, id) => (acknowledge(id), [204])],
  ["POST", /^\/api\/acknowledge$/, ({ body }) => (body.token === "expired" ? refuse(403, "forbidden", "This link has expired. Open the alert from your list.") : (acknowledge("al1"), [200, { alert_id: "al1", acknowledged_at: new Date().toISOString(), acknowledged_by_name: "R. Okafor", is_mine: true }]))],
  ["POST", /^\/api\/alerts\/([^/]+)\/record$/, () => [200, { concern_id: "co1", student_id: "st1" }]],
  ["POST", /^\/api\/alerts\/([^/]+)\/no-further-action$/, (_, id) => (Object.assign(alerts.find((a) => a.alert_id === id) ?? {}, { state: "no_further_action" }), [204])],
  ["POST", /^\/api\/students\/search$/, ({ body }) => [200, { items: students.filter((s) => s.display_name.toLowerCase().includes(String(body.q).toLowerCase())) }]],
  ["GET", /^\/api\/students\/([^/]+)\/record$/, () => [200, record]],
  ["GET", /^\/api\/colleagues$/, () => [200, { items: [{ staff_id: "p2", display_name: "P. Deputy", role: "deputy_dsl" }] }]],
  ["GET", /^\/api\/board$/, () => [200, board()]],
  ["POST", /^\/api\/fake\/new-event$/, newEvent],
  ["POST", /^\/api\/fake\/cut-feed$/, () => (sockets.forEach((socket) => socket.terminate()), [204])],
  ["POST", /^\/api\/fake\/lose-claims$/, () => (queue.forEach((item) => (item.claimed_by_me = false)), [204])],
  ["POST", /^\/api\/(students|concerns|actions|referrals)\/.+$/, () => [200, { concern_id: "co1", referral_id: "r2" }]],
];

function signIn({ body }: Asked): Answer {
  const name = String(body.email).split("@")[0] ?? "";
  if (!people[name] || body.password === "wrong") return refuse(401, "bad_credentials", "They do not match.");
  return [204, undefined, { "Set-Cookie": `lantern_session=${name}; HttpOnly; SameSite=Strict; Path=/` }];
}

function answer(asked: Asked): Answer {
  if (asked.path === "/api/sign-in") return signIn(asked);
  if (asked.path === "/api/sign-out") return [204, undefined, { "Set-Cookie": "lantern_session=; Max-Age=0; Path=/" }];
  if (!people[asked.who]) return refuse(401, "unauthenticated", "Please sign in.");
  for (const [method, path, handler] of ROUTES) {
    const found = method === asked.method ? path.exec(asked.path) : null;
    if (found) return handler(asked, found[1] ?? "");
  }
  return refuse(404, "not_found", "There is nothing here.");
}

async function read(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? "/", "http://fake");
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const who = /lantern_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  return { method: request.method ?? "GET", path: url.pathname, query: url.searchParams, body: text ? JSON.parse(text) : {}, who };
}

async function serve(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  response.setHeader("Content-Security-Policy", POLICY);
  if (!request.url?.startsWith("/api/")) return next();
  const [status, body, headers] = answer(await read(request));
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
}

interface Host {
  middlewares: { use: (handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void) => void };
  httpServer: { on(name: "upgrade", listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown } | null;
}

function attach(host: Host): void {
  const feed = new WebSocketServer({ noServer: true });
  host.middlewares.use((request, response, next) => void serve(request, response, next));
  host.httpServer?.on("upgrade", (request, socket, head) => {
    if (request.url !== "/api/live") return;
    feed.handleUpgrade(request, socket, head, (opened) => {
      sockets.add(opened);
      opened.on("close", () => sockets.delete(opened));
      opened.send(JSON.stringify({ kind: "hello" }));
    });
  });
}

/** For vite's own server and for its preview of a build. */
export function fakeServer(): Plugin {
  return {
    name: "lantern-fake-server",
    configureServer: (server) => attach(server as unknown as Host),
    configurePreviewServer: (server) => attach(server as unknown as Host),
  };
}
