import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { languageFiles, unifiedManifest } from "./manifest/unified.ts";
import { xmlManifest } from "./manifest/xml.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Puts both manifests, and the words of the package, beside the page. */
const manifests: Plugin = {
  name: "manifests",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "manifest.xml", source: xmlManifest() });
    this.emitFile({ type: "asset", fileName: "manifest.json", source: unifiedManifest() });
    for (const [name, source] of Object.entries(languageFiles())) {
      this.emitFile({ type: "asset", fileName: `package/${name}`, source });
    }
  },
};

// Served by the web app under /addin/, on the origin of the API.
export default defineConfig({
  root: here("src"),
  base: "/addin/",
  publicDir: here("public"),
  plugins: [manifests],
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { taskpane: here("src/taskpane.html"), "signed-in": here("src/signed-in.html"), probe: here("src/probe.html") },
      // One file for what the pages share: many small ones are loaded slower, and compress less.
      output: { advancedChunks: { groups: [{ name: "shared", test: /src\/(host|views\/(dom|live)|strings|server|opc|state\/storage)/, minShareCount: 2 }] } },
    },
  },
  worker: { format: "es" },
});
