// The shared taxonomy, asked of the server once per visit; labels live there and nowhere in this code.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { get } from "./api-client";
import type { Labelled, Taxonomy } from "./api-types";

export const taxonomyQuery = queryOptions({
  queryKey: ["taxonomy"],
  queryFn: () => get<Taxonomy>("/api/taxonomy"),
  staleTime: Number.POSITIVE_INFINITY,
});

const EMPTY: Taxonomy = {
  version: 0,
  categories: [],
  themes: [],
  severities: [],
  subject_roles: [],
  authenticities: [],
  immediacies: [],
  dismissal_reasons: [],
  age_bands: [],
  agencies: [],
  consents: [],
  decisions: [],
  outcome_codes: [],
};

export function useTaxonomy(): Taxonomy {
  return useQuery(taxonomyQuery).data ?? EMPTY;
}

/** The words for an id; the id itself while the words are on their way. */
export function labelOf(choices: Labelled[] | undefined, id: string): string {
  return choices?.find((choice) => choice.id === id)?.label ?? id.replaceAll("_", " ");
}
