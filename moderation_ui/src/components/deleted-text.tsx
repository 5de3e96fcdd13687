import styles from "./deleted-text.module.css";

/** What was typed and taken back; struck through and set apart, so that nobody reads it as sent. */
export function DeletedText({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <div className={styles.deleted}>
      <h3>Typed, then deleted</h3>
      <del>{text}</del>
    </div>
  );
}
