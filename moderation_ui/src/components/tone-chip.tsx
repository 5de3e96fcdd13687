import type { ReactNode } from "react";
import styles from "./tone-chip.module.css";

interface StepProps {
  step: number;
  isGuess?: boolean;
  children: ReactNode;
}

/** One of five steps, always with its words. A dashed edge says that a machine guessed it. */
export function StepChip({ step, isGuess = false, children }: StepProps) {
  return <span className={`${styles.chip} ${styles[`step${step}`] ?? ""} ${isGuess ? styles.guess : ""}`}>{children}</span>;
}

/** A short state in words. */
export function StateChip({ tone = "neutral", children }: { tone?: "neutral" | "good" | "warn" | "danger"; children: ReactNode }) {
  return <span className={`${styles.chip} ${styles[tone]}`}>{children}</span>;
}
