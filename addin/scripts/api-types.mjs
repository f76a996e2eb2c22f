// Writes src/server/api-types.ts from the API's own document: `make apitypes`.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

// What the pane calls. The rest of the API may change without a word here.
const USED = [
  "/api/v1/decks",
  "/api/v1/decks/{deck_id}",
  "/api/v1/decks/{deck_id}/enhanced",
  "/api/v1/downloads",
  "/api/v1/decks/{deck_id}/jobs",
  "/api/v1/decks/{deck_id}/thumbnails/{number}",
  "/api/v1/jobs/{job_id}",
  "/api/v1/jobs/{job_id}/cancel",
  "/api/v1/jobs/{job_id}/events",
  "/api/v1/limits",
  "/api/v1/originals/known",
  "/api/v1/pairings",
  "/api/v1/pairings/exchange",
  "/api/v1/pairings/ways",
  "/api/v1/pictures",
  "/api/v1/pictures/{job_id}/result",
  "/api/v1/reverts",
  "/api/v1/swaps",
];
const HEAD = "// Made from /api/openapi.json by `make apitypes`; not to be edited.\n\n";

/** Turn the part of the OpenAPI document that the pane uses into TypeScript. */
export async function apiTypes(document) {
  const missing = USED.filter((path) => !(path in document.paths));
  if (missing.length) throw new Error(`The API has no ${missing.join(", ")}`);
  const paths = Object.fromEntries(USED.map((path) => [path, document.paths[path]]));
  const schemas = reachable(paths, document.components.schemas);
  return HEAD + astToString(await openapiTS({ ...document, paths, components: { schemas } }));
}

function reachable(paths, all) {
  const found = new Set();
  const visit = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(all[name]);
    }
  };
  visit(paths);
  return Object.fromEntries([...found].sort().map((name) => [name, all[name]]));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , source, target = new URL("../src/server/api-types.ts", import.meta.url)] = process.argv;
  const document = JSON.parse(await readFile(source, "utf8"));
  await writeFile(target, await apiTypes(document));
}
