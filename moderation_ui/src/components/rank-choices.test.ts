import { expect, it } from "vitest";
import { rankChoices } from "./rank-choices";

const CHOICES = [
  { id: "T04", label: "Distress" },
  { id: "T05", label: "Abuse & neglect disclosure" },
  { id: "T11", label: "Discrimination & hate" },
  { id: "T14", label: "Drugs, alcohol, vapes" },
  { id: "T90", label: "General concern" },
];
const ids = (typed: string): string[] => rankChoices(CHOICES, typed).map((choice) => choice.id);

it("keeps the given order while nothing is typed", () => expect(ids(" ")).toEqual(CHOICES.map((choice) => choice.id)));
it("puts beginnings before words before the rest", () => expect(ids("a")).toEqual(["T05", "T14", "T11", "T90"]));
it("keeps the given order between equals", () => expect(ids("di")).toEqual(["T04", "T11", "T05"]));
it("knows the ids", () => expect(ids("t14")).toEqual(["T14"]));
it("gives nothing for what fits nothing", () => expect(ids("zz")).toEqual([]));
