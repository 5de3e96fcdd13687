// One build for the people's pages. `--mode fake` serves invented data so that pages can be looked at without a server.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fakeServer } from "./src/testing/fake-server.ts";

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "fake" ? [fakeServer()] : [])],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // No inlined assets: the Content-Security-Policy admits 'self' only, fonts and data: scripts never.
  build: { assetsInlineLimit: 0, sourcemap: false, modulePreload: { polyfill: false } },
  server: {
    ...(mode === "fake" ? {} : { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true } } }),
  },
  // Tests that need a page say so in their first line.
  test: { environment: "node", unstubGlobals: true, testTimeout: 30_000 },
}));
