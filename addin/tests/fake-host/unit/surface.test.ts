import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { SURFACE } from "../surface";

const TYPES = new URL("../../../node_modules/@types/office-js/index.d.ts", import.meta.url);

/** "Slide.exportAsBase64" → 8, from every "[Api set: PowerPointApi 1.8]" of the documentation. */
function documentedSets(): Map<string, number> {
  const whole = readFileSync(TYPES, "utf8");
  const text = whole.slice(whole.indexOf("declare namespace PowerPoint {"));
  const source = ts.createSourceFile("index.d.ts", text, ts.ScriptTarget.ES2022, true);
  const sets = new Map<string, number>();
  const visit = (node: ts.Node, owner: string): void => {
    const name = (node as { name?: ts.Node }).name?.getText() ?? "";
    if (ts.isClassDeclaration(node)) ts.forEachChild(node, (child) => { visit(child, name); });
    const docs = ts.getJSDocCommentsAndTags(node).map((doc) => doc.getText()).join();
    const set = /\[Api set: PowerPointApi 1\.(\d+)\]/.exec(docs)?.[1];
    if (owner && set) sets.set(`${owner}.${name}`, Math.min(Number(set), sets.get(`${owner}.${name}`) ?? 99));
  };
  ts.forEachChild(source, (node) => {
    if (!ts.isModuleDeclaration(node) || node.name.text !== "PowerPoint" || !node.body) return;
    ts.forEachChild(node.body, (child) => { visit(child, ""); });
  });
  return sets;
}

it("knows for every member the requirement set that the documentation names", () => {
  const documented = documentedSets();
  expect(documented.get("Slide.exportAsBase64")).toBe(8);
  const wrong = Object.entries(SURFACE).flatMap(([type, { scalars, navigations, methods }]) =>
    Object.entries({ ...scalars, ...navigations, ...methods })
      .filter(([name, { since }]) => documented.get(`${type}.${name}`) !== since)
      .map(([name, { since }]) => `${type}.${name}: ${since}, not ${documented.get(`${type}.${name}`)}`),
  );
  expect(wrong).toEqual([]);
});
