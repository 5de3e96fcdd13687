// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import { commandKey } from "./keyboard";

afterEach(() => document.body.replaceChildren());

function press(key: string, on: string, init: KeyboardEventInit = {}): string | null {
  document.body.innerHTML = on;
  const target = document.body.querySelector("#here") ?? document.body;
  let command: string | null = "never heard";
  const listen = (event: KeyboardEvent) => {
    command = commandKey(event);
  };
  window.addEventListener("keydown", listen);
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
  window.removeEventListener("keydown", listen);
  return command;
}

describe("single keys", () => {
  it("are commands on the page, in either case", () => {
    expect(press("D", "")).toBe("d");
    expect(press("4", '<h2 id="here" tabindex="-1"></h2>')).toBe("4");
  });

  it.each(['<input id="here">', '<textarea id="here"></textarea>', '<select id="here"></select>', '<div id="here" role="combobox"></div>'])(
    "never fire while typing in %s",
    (field) => {
      expect(press("d", field)).toBeNull();
      expect(press("Enter", field)).toBeNull();
    },
  );

  it("let Escape leave a field and Ctrl+Enter submit from it", () => {
    expect(press("Escape", '<textarea id="here"></textarea>')).toBe("Escape");
    expect(press("Enter", '<textarea id="here"></textarea>', { ctrlKey: true })).toBe("Ctrl+Enter");
  });

  it("leave the browser's own shortcuts alone", () => {
    expect(press("d", "", { ctrlKey: true })).toBeNull();
    expect(press("d", "", { metaKey: true })).toBeNull();
    expect(press("d", "", { altKey: true })).toBeNull();
  });

  it("do not repeat while held, and wait while a dialog is open", () => {
    expect(press("Enter", "", { repeat: true })).toBeNull();
    expect(press("4", '<div role="dialog"></div>')).toBeNull();
  });

  it("leave Enter to a button, except where Enter means send", () => {
    expect(press("Enter", '<button id="here"></button>')).toBeNull();
    expect(press("Enter", '<button id="here" data-enter-passes></button>')).toBe("Enter");
  });
});
