// Whether somebody is at the page: the last key, touch or movement. Kept as a time in memory, nothing else.

let lastInput = Date.now();
let isListening = false;

function listen(): void {
  if (isListening) return;
  isListening = true;
  const note = () => {
    lastInput = Date.now();
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    window.addEventListener(kind, note, { passive: true, capture: true });
  }
}

/** How long nobody has touched the page, in milliseconds. */
export function idleFor(now: number = Date.now()): number {
  listen();
  return now - lastInput;
}
