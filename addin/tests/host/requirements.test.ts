// Every member of Office.js that a module uses is at or below what the module declares.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { MANIFEST } from "../../manifest/source";

const FOLDER = fileURLToPath(new URL("../../src/host/", import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".ts"));
const OFFICE_TYPES = "/@types/office-js/";

interface Use {
  member: string;
  version: number;
}

const program = ts.createProgram(
  FILES.map((name) => FOLDER + name),
  { target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, types: ["office-js"], module: ts.ModuleKind.ESNext, strict: true, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] },
);
const checker = program.getTypeChecker();

/** Read "[Api set: PowerPointApi 1.8]" from the documentation of a member. */
function minorVersion(symbol: ts.Symbol): number | undefined {
  const words = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const tags = symbol.getJsDocTags(checker).flatMap((tag) => tag.text ?? []);
  const all = `${words} ${ts.displayPartsToString(tags)} ${comments(symbol)}`;
  if (/@beta|BETA|PREVIEW/i.test(/\[Api set:[^\]]*\]/.exec(all)?.[0] ?? "")) return Infinity;
  const found = /\[Api set: PowerPointApi 1\.(\d+)\]/.exec(all)?.[1];
  return found === undefined ? undefined : Number(found);
}

function comments(symbol: ts.Symbol): string {
  return (symbol.declarations ?? [])
    .flatMap((each) => ts.getJSDocCommentsAndTags(each))
    .map((each) => each.getText())
    .join(" ");
}

function usesIn(name: string): Use[] {
  const source = program.getSourceFile(FOLDER + name);
  if (source === undefined) throw new Error(`${name} was not read`);
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    const symbol = ts.isPropertyAccessExpression(node) ? checker.getSymbolAtLocation(node.name) : undefined;
    const declared = symbol?.declarations?.[0];
    if (symbol && declared?.getSourceFile().fileName.includes(OFFICE_TYPES)) {
      const version = minorVersion(symbol);
      if (version !== undefined) uses.push({ member: checker.symbolToString(symbol), version });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

function declared(name: string): number | undefined {
  const found = /export const REQUIRES = "1\.(\d+)"/.exec(readFileSync(FOLDER + name, "utf8"))?.[1];
  return found === undefined ? undefined : Number(found);
}

describe("Office.js", () => {
  it.each(FILES)("is used by %s no further than it declares", (name) => {
    const floor = declared(name);
    const uses = usesIn(name);
    if (floor === undefined) expect(uses).toEqual([]);
    else expect(uses.filter((use) => use.version > floor)).toEqual([]);
  });

  it("is found by this check: an export of a slide needs 1.8", () => {
    const uses = usesIn("replace.ts");
    expect(uses).toContainEqual({ member: "exportAsBase64", version: 8 });
    expect(uses).toContainEqual({ member: "insertSlidesFromBase64", version: 2 });
    expect(uses.length).toBeGreaterThan(15);
    expect(usesIn("background.ts")).toContainEqual({ member: "background", version: 10 });
  });

  it("is asked of the host at run time as the modules declare it", () => {
    const source = readFileSync(`${FOLDER}document.ts`, "utf8");
    expect(source).toContain(`canSwap: has("1.${declared("replace.ts")}")`);
    expect(source).toContain(`canSetBackground: has("1.${declared("background.ts")}")`);
    for (const name of ["tags.ts", "slides.ts", "fills.ts", "run.ts"]) {
      expect(declared(name)).toBeLessThanOrEqual(declared("replace.ts") ?? 0);
    }
  });

  it("is not asked for by the manifests beyond what the oldest host has", () => {
    expect(MANIFEST.requires.version).toBe(`1.${declared("document.ts")}`);
  });

  it("is touched nowhere else", () => {
    const others = ["../", "../views/", "../opc/", "../state/", "../server/", "../strings/"].flatMap((folder) =>
      readdirSync(FOLDER + folder)
        .filter((name) => name.endsWith(".ts"))
        .map((name) => FOLDER + folder + name),
    );
    const touching = others.filter((path) => /\b(Office|PowerPoint)\.\w/.test(code(path)));
    expect(touching).toEqual([]);
  });
});

function code(path: string): string {
  return readFileSync(path, "utf8").replace(/\/\/.*|"[^"\n]*"|`[^`]*`/g, "");
}
