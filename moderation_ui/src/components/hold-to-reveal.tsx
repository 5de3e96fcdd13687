import { useCallback, useEffect, useRef, useState } from "react";
import { isDialogOpen, isPressable, isTyping } from "@/lib/keyboard";
import styles from "./hold-to-reveal.module.css";

interface Props {
  /** Fetches the picture. Called on the first hold only: each call is a look that the server writes down. */
  load: () => Promise<Blob>;
  alt: string;
  onError: (error: unknown) => string;
}

/** A picture that is absent until somebody holds it open, and gone when they let go. */
export function HoldToReveal({ load, alt, onError }: Props) {
  const [url, setUrl] = useState<string | null>(null);
  const [isHeld, setHeld] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const frame = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);

  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);

  const hold = useCallback(async () => {
    setHeld(true);
    if (asked.current) return;
    asked.current = true;
    setTrouble(null);
    try {
      setUrl(URL.createObjectURL(await load()));
    } catch (error) {
      asked.current = false;
      setTrouble(onError(error));
    }
  }, [load, onError]);

  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.key !== " " || isTyping(event.target) || isDialogOpen()) return;
      if (isPressable(event.target) && event.target !== frame.current) return;
      event.preventDefault();
      if (!event.repeat) void hold();
    };
    const up = (event: KeyboardEvent) => event.key === " " && setHeld(false);
    const away = () => setHeld(false);
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", away);
    };
  }, [hold]);

  return (
    <>
      <button
        ref={frame}
        type="button"
        className={styles.frame}
        aria-pressed={isHeld}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          void hold();
        }}
        onPointerUp={() => setHeld(false)}
        onPointerCancel={() => setHeld(false)}
        onContextMenu={(event) => event.preventDefault()}
      >
        {isHeld && url ? (
          <img className={styles.image} src={url} alt={alt} draggable={false} />
        ) : (
          <span className={styles.words}>
            {isHeld && !trouble ? "Fetching…" : "Screenshot hidden. Press and hold"} <kbd aria-hidden="true">Space</kbd>
          </span>
        )}
      </button>
      {trouble && (
        <p className={styles.error} role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}
