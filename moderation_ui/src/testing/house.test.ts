// Tests about this house: who may import whom, how files are called, and where safeguarding text may never go.
import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("/src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const files = Object.entries(sources).filter(([path]) => !path.startsWith("/src/generated/"));
const shipped = files.filter(([path]) => !path.startsWith("/src/testing/") && !path.includes(".test."));

const importsOf = (path: string, text: string): string[] =>
  [...text.matchAll(/from "([^"]+)"/g)].map(([, named = ""]) => {
    if (named.startsWith("@/")) return `/src/${named.slice(2)}`;
    return named.startsWith(".") ? new URL(named, `file://${path}`).pathname : named;
  });

const featureOf = (path: string): string | undefined => /^\/src\/features\/([^/]+)\//.exec(path)?.[1];

describe("who may import whom", () => {
  it.each(shipped)("%s", (path, text) => {
    for (const imported of importsOf(path, text)) {
      const mine = featureOf(path);
      const theirs = featureOf(imported);
      if (theirs) expect(mine === theirs || path.startsWith("/src/app/"), `${path} imports ${imported}`).toBe(true);
      if (imported.startsWith("/src/app/")) expect(path.startsWith("/src/app/"), `${path} imports ${imported}`).toBe(true);
      if (imported.startsWith("/src/components/")) expect(path.startsWith("/src/lib/"), `${path} imports ${imported}`).toBe(false);
      expect(imported.startsWith("/src/testing/"), `${path} imports ${imported}`).toBe(false);
    }
  });
});

it("files are named in kebab-case", () => {
  expect(files.map(([path]) => path).filter((path) => !/^[a-z0-9/.-]+$/.test(path))).toEqual([]);
});

it("nothing is kept in storage, put on the console or sent elsewhere", () => {
  const forbidden = /localStorage|sessionStorage|indexedDB|document\.cookie|console\.|sendBeacon|https?:\/\//;
  expect(shipped.filter(([, text]) => forbidden.test(text)).map(([path]) => path)).toEqual([]);
});

it("one API call a file", () => {
  const calls = shipped.filter(([path]) => /\/features\/[^/]+\/api\//.test(path));
  expect(calls.length).toBeGreaterThan(20);
  expect(calls.filter(([, text]) => (text.match(/\b(?:get|post|getImage)(?:<[^()]*>)?\(/g) ?? []).length !== 1).map(([path]) => path)).toEqual([]);
});
