// Single keys are commands only when nobody is typing, nothing is held down and no dialog is open.
import { useEffect, useRef } from "react";

const FIELD = "input, textarea, select, [contenteditable=true], [role=combobox], [role=textbox]";
// A radio or checkbox is not typed into; a level button lets Enter through, because Enter there means "send".
const NO_FIELD = "input[type=radio], input[type=checkbox]";
const ENTER_PASSES = "[data-enter-passes]";
const PRESSABLE = "button, a[href], summary, [role=button], [role=option], [role=menuitem]";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(FIELD) !== null && !target.matches(NO_FIELD);
}

/** True where Enter and Space already mean "press this". */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(PRESSABLE) !== null;
}

function letsEnterPass(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(ENTER_PASSES) !== null;
}

export function isDialogOpen(): boolean {
  return document.querySelector("[role=dialog], [role=alertdialog]") !== null;
}

/** The command a key press means, or null when it belongs to the browser or to a field. */
export function commandKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.repeat || event.isComposing) return null;
  if (event.altKey || event.metaKey) return null;
  if (isDialogOpen()) return null;
  if (event.ctrlKey) return event.key === "Enter" ? "Ctrl+Enter" : null;
  if (isTyping(event.target)) return event.key === "Escape" ? "Escape" : null;
  if (event.key === "Enter" && isPressable(event.target) && !letsEnterPass(event.target)) return null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

export type Commands = Record<string, (() => void) | undefined>;

/** Listens on the window for as long as the component lives; the latest commands always apply. */
export function useCommands(commands: Commands): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const key = commandKey(event);
      const command = key === null ? undefined : latest.current[key];
      if (!command) return;
      event.preventDefault();
      command();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
