// The order in which a type-ahead list answers: what begins with the letters, then words that do, then the rest.

export interface PickChoice {
  id: string;
  label: string;
  detail?: string;
}

function rank(choice: PickChoice, typed: string): number {
  const label = choice.label.toLowerCase();
  if (label.startsWith(typed) || choice.id.toLowerCase() === typed) return 0;
  if (label.split(/[^a-z0-9]+/).some((word) => word.startsWith(typed))) return 1;
  if (label.includes(typed)) return 2;
  return 3;
}

/** The choices that fit what was typed, best first; the given order decides between equals. */
export function rankChoices(choices: PickChoice[], typed: string): PickChoice[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return choices;
  return choices
    .map((choice, index) => ({ choice, index, rank: rank(choice, wanted) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map((each) => each.choice);
}
