// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { get } from "@/lib/api-client";
import "@/testing/page";
import { people } from "@/testing/fake-data";
import { answerFetch } from "@/testing/fake-fetch";
import { Gate } from "./gate";

const REFUSED = { status: 401, body: { code: "unauthenticated", detail: "Please sign in." } };

let isSignedIn = false;
const api = () =>
  answerFetch({
    "GET /api/me": () => (isSignedIn ? { body: people.dsl } : REFUSED),
    "GET /api/alerts": () => (isSignedIn ? { body: { items: [] } } : REFUSED),
    "POST /api/sign-in": ({ body }) => {
      if ((body as { password: string }).password !== "right") return { status: 401, body: { code: "bad_credentials", detail: "No." } };
      isSignedIn = true;
      return { status: 204 };
    },
  });

const show = () =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Gate>
        <textarea aria-label="draft" />
      </Gate>
    </QueryClientProvider>,
  );

async function signIn(password: string): Promise<void> {
  const keys = userEvent.setup();
  await keys.type(await screen.findByLabelText("Email address"), "dsl@seaview.example");
  await keys.type(screen.getByLabelText("Password"), `${password}{Enter}`);
}

it("shows nothing of the page before somebody has signed in, and says what went wrong", async () => {
  isSignedIn = false;
  api();
  show();
  await signIn("wrong");
  await screen.findByText(/do not match/);
  expect(screen.queryByLabelText("draft")).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("");
  await userEvent.setup().type(screen.getByLabelText("Password"), "right{Enter}");
  await screen.findByLabelText("draft");
});

it("covers the page when the session ends and gives back what was typed to the same person", async () => {
  isSignedIn = true;
  api();
  show();
  await userEvent.setup().type(await screen.findByLabelText("draft"), "half a sentence");
  isSignedIn = false;
  await expect(get("/api/alerts")).rejects.toThrow();
  await screen.findByRole("dialog", { name: "Your session has ended" });
  await signIn("right");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByLabelText<HTMLTextAreaElement>("draft").value).toBe("half a sentence");
});
