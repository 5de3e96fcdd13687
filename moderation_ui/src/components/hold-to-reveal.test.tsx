// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import "@/testing/page";
import { HoldToReveal } from "./hold-to-reveal";

beforeEach(() => {
  URL.createObjectURL = vi.fn(() => "blob:here/1");
  URL.revokeObjectURL = vi.fn();
});

const show = (load = vi.fn(async () => new Blob(["x"]))) => {
  const view = render(
    <>
      <input aria-label="field" />
      <HoldToReveal load={load} alt="The screen" onError={() => "It has not arrived."} />
    </>,
  );
  return { load, ...view };
};

it("fetches nothing until held, shows while held, hides on letting go, asks once", async () => {
  const { load } = show();
  expect(load).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: " " });
  await screen.findByAltText("The screen");
  fireEvent.keyUp(document.body, { key: " " });
  expect(screen.queryByAltText("The screen")).toBeNull();
  fireEvent.keyDown(document.body, { key: " " });
  expect(screen.getByAltText("The screen")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(1);
});

it("hides when the window loses the focus, and forgets the picture with the page", async () => {
  const { unmount } = show();
  fireEvent.keyDown(document.body, { key: " " });
  await screen.findByAltText("The screen");
  fireEvent.blur(window);
  expect(screen.queryByAltText("The screen")).toBeNull();
  unmount();
  expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:here/1");
});

it("leaves the space bar to fields", () => {
  const { load } = show();
  fireEvent.keyDown(screen.getByLabelText("field"), { key: " " });
  expect(load).not.toHaveBeenCalled();
});

it("says why there is no picture and tries again on the next hold", async () => {
  const load = vi.fn(async () => Promise.reject(new Error("404")));
  show(load);
  fireEvent.keyDown(document.body, { key: " " });
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("It has not arrived."));
  fireEvent.keyUp(document.body, { key: " " });
  fireEvent.keyDown(document.body, { key: " " });
  expect(load).toHaveBeenCalledTimes(2);
});
