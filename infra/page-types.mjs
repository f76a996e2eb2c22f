// Writes web/types/api.d.ts from the API's own document: `make apitypes`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

// What the pages read and send. The rest of the API may change without a word here.
const USED = [
  "BatchOut",
  "BatchListed",
  "BatchPage",
  "BatchSummary",
  "DeckOut",
  "DownloadLink",
  "DownloadRequest",
  "Estimate",
  "JobDetail",
  "Limits",
  "PairingOut",
  "Problem",
  "ReviewedBatch",
  "ReviewedWork",
  "ReviewLink",
  "ReviewList",
  "RevertableList",
  "Started",
  "UploadOut",
];
const HEAD = "// Made from /api/openapi.json by `make apitypes`; not to be edited.\n\n";

const [, , source, target = new URL("../web/types/api.d.ts", import.meta.url)] = process.argv;
const document = JSON.parse(await readFile(source, "utf8"));
const all = document.components.schemas;
const found = new Set();

function visit(name) {
  if (!(name in all)) throw new Error(`The API has no ${name}`);
  if (found.has(name)) return;
  found.add(name);
  for (const [, next] of JSON.stringify(all[name]).matchAll(/#\/components\/schemas\/([^"]+)/g))
    visit(next);
}

for (const name of USED) visit(name);
const schemas = Object.fromEntries([...found].sort().map((name) => [name, all[name]]));
const types = await openapiTS({ ...document, paths: {}, components: { schemas } });
await writeFile(target, HEAD + astToString(types));
