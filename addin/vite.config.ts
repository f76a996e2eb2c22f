import { defineConfig } from "vite";

// Served by the web app under /addin/, on the origin of the API.
export default defineConfig({
  root: "src",
  base: "/addin/",
  publicDir: "../public",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { taskpane: "src/taskpane.html" } },
  },
  worker: { format: "es" },
});
