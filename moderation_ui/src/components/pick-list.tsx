import { type KeyboardEvent, useId, useState } from "react";
import { DialogBox } from "./dialog-box";
import styles from "./pick-list.module.css";
import { type PickChoice, rankChoices } from "./rank-choices";

interface Props {
  title: string;
  help: string;
  choices: PickChoice[];
  onPick: (id: string) => void;
  onClose: () => void;
}

/** A list chosen from by typing: letters narrow it, arrows move, Enter picks. Nothing is picked until somebody points. */
export function PickList(props: Props) {
  return (
    <DialogBox title={props.title} isOpen onClose={props.onClose}>
      <Choices key={props.title} {...props} />
    </DialogBox>
  );
}

function Choices({ title, help, choices, onPick }: Props) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(-1);
  const fitting = rankChoices(choices, typed);
  const current = fitting[at];

  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt(Math.max(0, Math.min(fitting.length - 1, at + step)));
    } else if (event.key === "Enter" && !event.repeat && current) {
      event.preventDefault();
      onPick(current.id);
    }
  };

  return (
    <>
      <p className={styles.detail} id={`${id}-help`}>
        {help}
      </p>
      <input
        className={styles.input}
        role="combobox"
        aria-label={title}
        aria-describedby={`${id}-help`}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current ? `${id}-${current.id}` : undefined}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(event.target.value.trim() === "" ? -1 : 0);
        }}
        onKeyDown={press}
      />
      <div className={styles.list} role="listbox" id={`${id}-list`} aria-label={title}>
        {fitting.map((choice, index) => (
          <div
            key={choice.id}
            id={`${id}-${choice.id}`}
            role="option"
            aria-selected={index === at}
            className={styles.option}
            ref={index === at ? (element) => element?.scrollIntoView?.({ block: "nearest" }) : undefined}
            onClick={() => onPick(choice.id)}
          >
            <span>{choice.label}</span>
            {choice.detail && <span className={styles.detail}>{choice.detail}</span>}
          </div>
        ))}
        {fitting.length === 0 && <div className={styles.empty}>Nothing fits. Delete a letter.</div>}
      </div>
    </>
  );
}
