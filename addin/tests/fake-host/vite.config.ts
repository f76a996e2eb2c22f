/** Bundles the host into two classic scripts: the one in the pane, the one in the page around. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  root: here("."),
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: here("../../build/host"),
    emptyOutDir: false,
    minify: false,
    target: "es2022",
    lib: {
      entry: here(mode === "office" ? "client/main.ts" : "powerpoint/main.ts"),
      name: "host",
      formats: ["iife"],
      fileName: () => (mode === "office" ? "office.js" : "powerpoint.js"),
    },
  },
}));
