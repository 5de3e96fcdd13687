// The people's API as a table of answers, for tests that render. What is not in the table is a mistake of the test.
import { vi } from "vitest";

export interface Call {
  method: string;
  path: string;
  body: unknown;
}

type Answer = { status?: number; body?: unknown };
export type Answers = Record<string, Answer | ((call: Call) => Answer)>;

/** Puts the table in the place of fetch and returns the list of calls, which grows. */
export function answerFetch(answers: Answers): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string, init: RequestInit = {}) => {
      const call = { method: init.method ?? "GET", path, body: init.body ? JSON.parse(String(init.body)) : undefined };
      calls.push(call);
      const found = answers[`${call.method} ${path.split("?")[0]}`];
      if (!found) throw new Error(`No answer for ${call.method} ${path}`);
      const { status = 200, body } = typeof found === "function" ? found(call) : found;
      return new Response(body === undefined ? null : JSON.stringify(body), { status });
    }),
  );
  return calls;
}
