// Why a school must be phoned as well, in the words of the server's CallReason codes. They stand here only because the
// taxonomy that the server sends does not carry them.
import type { GradeCommand } from "@/lib/api-types";

type Code = NonNullable<GradeCommand["call_reason"]>;

const WORDS: Record<Code, string> = {
  C01: "Stated suicidal intent",
  C02: "Current self-harm",
  C03: "Acute crisis",
  C04: "Threat of violence or arranged fight",
  C05: "Talk or plan of a shooting or bomb",
  C06: "Illegal activity",
  C07: "Grooming, or details shared to meet",
  C08: "Signs of abuse or assault",
  C09: "Running away",
  C10: "Repeated searches for harm methods",
  C11: "FGM or forced marriage",
  C12: "Blackmail",
  C13: "A staff member is implicated",
  C99: "Moderator’s judgement",
};

export const CALL_REASONS = Object.entries(WORDS).map(([id, label]) => ({ id, label }));
