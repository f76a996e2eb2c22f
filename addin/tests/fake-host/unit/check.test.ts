// @vitest-environment jsdom
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { packageProblems } from "../opc/check";
import { type Package, unpack } from "../opc/package";
import { smallPackage } from "./small-deck";

const SLIDE = "ppt/slides/slide1.xml";
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function spoilt(spoil: (pkg: Package) => void): string[] {
  const pkg = smallPackage();
  spoil(pkg);
  return packageProblems(pkg.write());
}

function replaced(pkg: Package, from: string, to: string): void {
  const page = new TextDecoder().decode(pkg.part(SLIDE));
  pkg.parts.set(SLIDE, text(page.replace(from, to)));
}

describe("the strict reader", () => {
  it("has nothing against a sound deck", () => {
    expect(packageProblems(smallPackage().write())).toEqual([]);
  });

  it.each<[what: string, spoil: (pkg: Package) => void, problem: RegExp]>([
    ["a missing part", (p) => p.parts.delete("ppt/media/image1.png"), /points to nothing/],
    ["a part nobody needs", (p) => p.add("ppt/media/x.png", p.part("ppt/media/image1.png"), "image/png"), /nothing points to ppt\/media\/x\.png/],
    ["a type that is not in the bytes", (p) => p.parts.set("ppt/media/image1.png", text("GIF89a")), /image\/png is not in/],
    ["broken XML", (p) => p.parts.set(SLIDE, text("<p:sld>")), /not well-formed/],
    ["a DTD", (p) => p.parts.set(SLIDE, text("<!DOCTYPE x []><x/>")), /DTD/],
    ["an unknown relationship", (p) => { replaced(p, "rId2", "rId77"); }, /names no relationship rId77/],
    ["a slide without a layout", (p) => { p.setRelationships(SLIDE, p.relationships(SLIDE).slice(1)); }, /0 layouts/],
    ["rels of nothing", (p) => p.parts.set("ppt/slides/_rels/slide9.xml.rels", p.part("ppt/slides/_rels/slide3.xml.rels")), /belongs to nothing/],
    ["no main part", (p) => { p.setRelationships("", []); }, /not one presentation/],
    ["an unnamed type", (p) => p.parts.set("ppt/media/odd", text("?")), /no content type/],
  ])("sees %s", (_, spoil, problem) => {
    expect(spoilt(spoil).join("\n")).toMatch(problem);
  });

  it("sees what is no package at all", () => {
    expect(packageProblems(text("hello")).join()).toMatch(/not a zip/);
    expect(packageProblems(zipSync({ "a.txt": text("hello") })).join()).toMatch(/Content_Types/);
  });

  it("sees two spellings of one name", () => {
    const parts = Object.fromEntries(unpack(smallPackage().write()).parts);
    const twice = zipSync({ ...parts, "PPT/media/image1.png": text("x") });
    expect(packageProblems(twice).join()).toMatch(/two entries/);
  });
});
