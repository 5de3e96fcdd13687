import { Fragment } from "react";
import { ActionButton } from "@/components/action-button";
import { DialogBox, DialogFoot } from "@/components/dialog-box";
import styles from "./key-sheet.module.css";

const KEYS: [string[], string][] = [
  [["Enter"], "Claim the next event; with an event open, submit the grade and claim the next"],
  [["J", "N"], "Claim the next event when none is open"],
  [["1", "…", "5"], "Set the level"],
  [["T"], "Choose the theme; its category follows. Type letters, then Enter"],
  [["C"], "Choose the category, then its theme"],
  [["M", "N"], "Write the message to the school"],
  [["Ctrl+Enter"], "Submit from inside the message"],
  [["Esc"], "Leave a field, close a list"],
  [["D", "0"], "Dismiss with a reason"],
  [["S"], "Release the event, back to the queue"],
  [["Space"], "Hold to see the screenshot"],
  [["?"], "Show these keys"],
];

/** Every key of the review screen. */
export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <DialogBox title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, does]) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <p>Single keys do nothing while you type in a field.</p>
      <DialogFoot>
        <ActionButton onPress={onClose}>Close</ActionButton>
      </DialogFoot>
    </DialogBox>
  );
}
