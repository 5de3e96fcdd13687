// Imported by every test that renders: gives jsdom what it lacks and takes the page down after each test.
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

globalThis.CSS ??= {} as typeof CSS;
CSS.escape ??= (value: string) => value.replace(/[^\w-]/g, (character) => `\\${character}`);

// Machines that build are busy; what must appear may take its time.
configure({ asyncUtilTimeout: 5_000 });
afterEach(cleanup);
