// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import "@/testing/page";
import { queue, review, taxonomy } from "@/testing/fake-data";
import { answerFetch, type Answers, type Call } from "@/testing/fake-fetch";
import { ReviewScreen } from "./review-screen";

const [first, second] = [queue[0]!, queue[1]!];
const claimOf = (id: string) => ({ event_id: id, claim_token: `token-${id}`, expires_at: "2030-01-01T00:00:00Z" });
const LOST = { status: 409, body: { code: "claim_lost", detail: "Your hold on this event ended." } };

let claims: string[];

function api(over: Answers = {}): Call[] {
  return answerFetch({
    "GET /api/taxonomy": { body: taxonomy },
    "GET /api/queue": { body: { counts: { queued: 2, claimed: 0 }, items: [first, second] } },
    "POST /api/queue/claim": () => {
      const id = claims.shift();
      return id ? { body: claimOf(id) } : { status: 204 };
    },
    [`GET /api/queue/${first.event_id}`]: { body: { ...review(first), student_pseudonym: "AAAA" } },
    [`GET /api/queue/${second.event_id}`]: { body: { ...review(second), student_pseudonym: "BBBB" } },
    [`POST /api/moderation/${first.event_id}/grade`]: { body: { grade_id: "g1" } },
    [`POST /api/moderation/${first.event_id}/dismiss`]: { status: 204 },
    [`POST /api/queue/${first.event_id}/release`]: { status: 204 },
    ...over,
  });
}

async function open(): Promise<ReturnType<typeof userEvent.setup>> {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <main>
        <ReviewScreen />
      </main>
    </QueryClientProvider>,
  );
  await screen.findAllByTestId("queue-row");
  const keys = userEvent.setup();
  await keys.keyboard("{Enter}");
  await screen.findByRole("heading", { name: /Student AAAA/ });
  return keys;
}

const sent = (calls: Call[], path: string) => calls.filter((call) => call.path.endsWith(path));
const focused = () => document.activeElement?.textContent ?? "";

beforeEach(() => {
  claims = [first.event_id, second.event_id];
});

describe("grading by keyboard alone", () => {
  it("takes six keys and a message to say Vulnerable Person, Level 4, and goes on to the next event", async () => {
    const calls = api();
    const keys = await open();
    expect(focused()).toContain("Student AAAA");
    await keys.keyboard("t");
    await keys.keyboard("a");
    await keys.keyboard("{Enter}");
    await keys.keyboard("4");
    await keys.keyboard("m");
    await keys.keyboard("Please speak with them today.");
    await keys.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: /Student BBBB/ });
    expect(sent(calls, "/grade")[0]?.body).toMatchObject({
      claim_token: `token-${first.event_id}`,
      category: "VP",
      theme: "T05",
      severity: 4,
      message: "Please speak with them today.",
    });
    await waitFor(() => expect(focused()).toContain("Student BBBB"));
    expect(screen.getByLabelText<HTMLTextAreaElement>("Message to the school").value).toBe("");
  });

  it("prefills nothing from the machine and sends nothing that is incomplete", async () => {
    const calls = api();
    const keys = await open();
    await keys.keyboard("4{Enter}");
    expect(screen.getByText(/Choose a theme/)).toBeTruthy();
    expect(screen.getByText(/Level 4 needs a message to the school/)).toBeTruthy();
    expect(sent(calls, "/grade")).toHaveLength(0);
  });

  it("types digits and letters into the message instead of obeying them", async () => {
    const calls = api();
    const keys = await open();
    await keys.keyboard("m");
    await keys.keyboard("5 d s t 0");
    expect(screen.getByLabelText<HTMLTextAreaElement>("Message to the school").value).toBe("5 d s t 0");
    expect(screen.getByTestId("grade-level-5").getAttribute("aria-pressed")).toBe("false");
    await keys.keyboard("{Escape}5");
    expect(screen.getByTestId("grade-level-5").getAttribute("aria-pressed")).toBe("true");
    expect(sent(calls, "/release")).toHaveLength(0);
  });

  it("dismisses only with a reason that somebody pointed at", async () => {
    const calls = api();
    const keys = await open();
    await keys.keyboard("d{Enter}");
    expect(within(screen.getByRole("dialog")).getByRole("listbox")).toBeTruthy();
    expect(sent(calls, "/dismiss")).toHaveLength(0);
    await keys.keyboard("cap{Enter}");
    await screen.findByRole("heading", { name: /Student BBBB/ });
    expect(sent(calls, "/dismiss")[0]?.body).toMatchObject({ reason: "capture_error" });
  });

  it("releases and says where it is now", async () => {
    const calls = api();
    const keys = await open();
    await keys.keyboard("s");
    await screen.findByRole("heading", { name: "No event open" });
    expect(sent(calls, "/release")).toHaveLength(1);
    await waitFor(() => expect(focused()).toContain("No event open"));
  });
});

describe("a lost claim", () => {
  it("keeps the message, says so, and sends it once the event is taken again", async () => {
    let isLost = true;
    const grade = () => (isLost ? LOST : { body: { grade_id: "g1" } });
    const calls = api({
      [`POST /api/moderation/${first.event_id}/grade`]: grade,
      [`POST /api/queue/${first.event_id}/claim`]: { body: { ...claimOf(first.event_id), claim_token: "fresh" } },
    });
    const keys = await open();
    await keys.keyboard("ta{Enter}4m");
    await keys.keyboard("Please speak with them today.");
    await keys.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText(/Your hold on this event has ended/);
    expect(screen.getByLabelText<HTMLTextAreaElement>("Message to the school").value).toBe("Please speak with them today.");
    isLost = false;
    await keys.click(screen.getByRole("button", { name: "Take it again" }));
    await waitFor(() => expect(screen.queryByText(/Your hold on this event has ended/)).toBeNull());
    await keys.click(screen.getByRole("button", { name: "Submit and claim next" }));
    await screen.findByRole("heading", { name: /Student BBBB/ });
    expect(sent(calls, "/grade")[1]?.body).toMatchObject({ claim_token: "fresh", message: "Please speak with them today." });
  });
});

it("says when the server cannot be reached and keeps the draft", async () => {
  api({ [`POST /api/moderation/${first.event_id}/grade`]: { status: 503, body: { code: "busy", detail: "Try again in a moment." } } });
  const keys = await open();
  await keys.keyboard("ta{Enter}2{Enter}");
  await screen.findByText("Try again in a moment.");
  expect(screen.getByTestId("grade-level-2").getAttribute("aria-pressed")).toBe("true");
});
