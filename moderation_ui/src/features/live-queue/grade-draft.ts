// What a moderator has decided so far, and what is still missing. Nothing is prefilled from the machine's suggestion.
import type { Claim, GradeCommand, Theme } from "@/lib/api-types";

/** An empty choice is not made yet; severity 0 likewise. */
export interface GradeDraft {
  category: GradeCommand["category"] | "";
  theme: GradeCommand["theme"] | "";
  severity: GradeCommand["severity"] | 0;
  message: string;
  subject_role: GradeCommand["subject_role"];
  authenticity: GradeCommand["authenticity"];
  immediacy: GradeCommand["immediacy"];
  call_reason: NonNullable<GradeCommand["call_reason"]> | "";
}

export type Missing = Partial<Record<"theme" | "severity" | "message" | "call", string>>;

export const SHORTEST_MESSAGE = 10;
export const LONGEST_MESSAGE = 2_000;
const LOWEST_CALL = 3;

export const BLANK: GradeDraft = {
  category: "",
  theme: "",
  severity: 0,
  message: "",
  subject_role: "unknown",
  authenticity: "ambiguous",
  immediacy: "no_time",
  call_reason: "",
};

export const needsMessage = (draft: GradeDraft): boolean => draft.severity >= 4;

/** A theme brings its category along. */
export function withTheme(draft: GradeDraft, theme: Theme): GradeDraft {
  return {
    ...draft,
    theme: theme.id as GradeCommand["theme"],
    category: theme.category as GradeCommand["category"],
  };
}

/** A category keeps a theme that stands under it, takes the only one there is, or waits for a choice. */
export function withCategory(draft: GradeDraft, category: string, themes: Theme[]): GradeDraft {
  const under = themes.filter((theme) => theme.category === category);
  const kept = under.find((theme) => theme.id === draft.theme) ?? (under.length === 1 ? under[0] : undefined);
  return {
    ...draft,
    category: category as GradeCommand["category"],
    theme: (kept?.id ?? "") as GradeDraft["theme"],
  };
}

/** What must still be said before this can be sent, in words. */
export function missingFrom(draft: GradeDraft): Missing {
  const missing: Missing = {};
  if (draft.theme === "") missing.theme = "Choose a theme (T) or a category (C).";
  if (draft.severity === 0) missing.severity = "Choose a level (1 to 5).";
  if (needsMessage(draft) && draft.message.trim().length < SHORTEST_MESSAGE) {
    missing.message = `Level ${draft.severity} needs a message to the school of at least ${SHORTEST_MESSAGE} characters.`;
  }
  if (draft.call_reason !== "" && draft.severity !== 0 && draft.severity < LOWEST_CALL) {
    missing.call = `A call can be asked for at Level ${LOWEST_CALL} and above.`;
  }
  return missing;
}

export const isComplete = (draft: GradeDraft): boolean => Object.keys(missingFrom(draft)).length === 0;

/** The command for a complete draft; an incomplete one is a mistake of the page. */
export function toCommand(draft: GradeDraft, claim: Claim): GradeCommand {
  const { call_reason, category, theme, severity, ...rest } = draft;
  if (category === "" || theme === "" || severity === 0) throw new Error("The draft is not complete.");
  return {
    ...rest,
    category,
    theme,
    severity,
    message: draft.message.trim(),
    claim_token: claim.claim_token,
    call_required: call_reason !== "",
    call_reason: call_reason === "" ? null : call_reason,
  };
}
