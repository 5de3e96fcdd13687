import styles from "./marked-text.module.css";
import { splitMarks, type TextMark } from "./split-marks";

interface Props {
  text: string;
  marks: TextMark[];
  nameOf: (theme: string) => string;
}

/** What was typed, exactly, with the places that matched shown by ground and underline. */
export function MarkedText({ text, marks, nameOf }: Props) {
  return (
    <p className={styles.text} data-testid="passage">
      {splitMarks(text, marks).map((piece, index) =>
        piece.theme === null ? (
          <span key={index}>{piece.text}</span>
        ) : (
          <mark key={index} className={styles.mark} data-testid="mark" title={nameOf(piece.theme)}>
            {piece.text}
          </mark>
        ),
      )}
    </p>
  );
}
