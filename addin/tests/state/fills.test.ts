// Fills change in place: the slide keeps its id, and with it comments and links.
// @vitest-environment jsdom

import { beforeEach, describe, expect, it, vi } from "vitest";
import { base64, bytesOf } from "../fake-host/base64";
import { Deck } from "../fake-host/deck/deck";
import { openPane, type Pane } from "../fake-host/unit/pane";
import { smallPackage } from "../fake-host/unit/small-deck";
import { ORIGINAL, SHARP, SWAP } from "../fake-server";

vi.mock("../../src/opc/in-worker", () => import("../direct-worker"));
vi.mock("../../src/server/api", async (original) => ({
  ...(await original<object>()),
  ...(await import("../fake-server")),
}));

const PLAIN = '<a:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>';
const FILLS = {
  plain: PLAIN,
  cropped: PLAIN.replace("<a:stretch>", '<a:srcRect l="1000"/><a:stretch>'),
  tiled: '<a:blipFill><a:blip r:embed="rId2"/><a:tile sx="50000"/></a:blipFill>',
  faded: PLAIN.replace('"rId2"/>', '"rId2"><a:alphaModFix amt="50000"/></a:blip>'),
};
const FRAME = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1270000" cy="1270000"/></a:xfrm>';

/** The first slide with one picture: a shape's fill, or its background. */
function deck(where: "shape" | "background" | "group" | "picture too", fill: string): string {
  const pkg = smallPackage();
  const part = "ppt/slides/slide1.xml";
  const shape =
    '<p:sp><p:nvSpPr><p:cNvPr id="3" name="Box"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>' +
    `<p:spPr>${FRAME}<a:prstGeom prst="rect"/>${fill}</p:spPr></p:sp>`;
  const group =
    '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="8" name="G"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>' + `${shape}</p:grpSp>`;
  const xml = new TextDecoder().decode(pkg.part(part));
  const picture = /<p:pic>[^]*<\/p:pic>/.exec(xml)?.[0] ?? "";
  const shapes = { shape, background: "", group, "picture too": shape + picture.replace('id="3"', 'id="9"') }[where];
  const background = where === "background" ? `<p:bg><p:bgPr>${fill}<a:effectLst/></p:bgPr></p:bg>` : "";
  const changed = xml.replace(picture, shapes).replace("<p:cSld>", `<p:cSld>${background}`);
  pkg.parts.set(part, new TextEncoder().encode(changed));
  return base64(pkg.write());
}

let pane: Pane;
let road: typeof import("../../src/state/replacement");

async function open(file: string, profile: "windows-1.8" | "web-1.10" = "web-1.10"): Promise<void> {
  localStorage.clear();
  vi.resetModules();
  pane = await openPane(profile, file);
  Object.assign(globalThis, { PowerPoint: pane.powerpoint, Office: pane.office });
  road = await import("../../src/state/replacement");
  road.useHost({ canSetBackground: profile === "web-1.10" });
}

const ids = () => pane.app.report().slides;
const asked = vi.fn();
const consent = () => ({
  losses: async (id: string) => {
    asked(id);
    return (await import("../../src/state/losses")).lossesNow(id);
  },
  agreed: { comments: 9, linksOut: true, linksIn: true, inCustomShow: true, tags: true },
  acceptsAltered: false,
  step: () => undefined,
});
const enhance = () => road.enhanceSlide(ids()[0] ?? "", [SWAP], consent());

/** The pictures that the first slide shows, by the order of its mentions. */
function shown(): Uint8Array[] {
  const saved = Deck.read(bytesOf(pane.app.save()));
  const { pkg } = saved;
  const part = saved.slides()[0]?.part ?? "";
  const xml = new TextDecoder().decode(pkg.part(part));
  const targets = new Map(pkg.relationships(part).map((one) => [one.id, pkg.target(part, one)]));
  return [...xml.matchAll(/r:embed="([^"]*)"/g)].map(([, id = ""]) => pkg.part(targets.get(id) ?? ""));
}
const isAll = (bytes: Uint8Array) => shown().every((each) => Buffer.compare(each, bytes) === 0);

beforeEach(() => asked.mockClear());

describe("a plain fill", () => {
  it.each(["shape", "background"] as const)("of a %s is changed in place, and back", async (where) => {
    await open(deck(where, FILLS.plain));
    const before = ids();
    const { newSha256s } = await enhance();
    expect([ids(), isAll(SHARP)]).toEqual([before, true]);
    asked.mockClear(); // it was seen to work: nothing can be lost from now on
    await road.revertSlide(before[0] ?? "", newSha256s, consent());
    expect([ids(), isAll(ORIGINAL), asked.mock.calls.length]).toEqual([before, true, 0]);
  });

  it("of a background is changed by a new slide where PowerPoint cannot set it", async () => {
    await open(deck("background", FILLS.plain), "windows-1.8");
    const before = ids();
    await enhance();
    expect([ids()[0] === before[0], isAll(SHARP), asked.mock.calls.length]).toEqual([false, true, 1]);
  });

  it("that PowerPoint would set otherwise is put back, and the slide replaced instead", async () => {
    await open(deck("shape", FILLS.plain));
    pane.app.session.fillsRotate = true;
    const before = ids();
    await enhance();
    expect([ids()[0] === before[0], ids().length, isAll(SHARP)]).toEqual([false, 3, true]);
  });

  it("is not touched before it is known whether that loses nothing, if a new slide would lose something", async () => {
    await open(deck("shape", FILLS.plain));
    pane.app.session.fillsRotate = true;
    const before = pane.app.save();
    const nobody = { ...consent(), agreed: undefined };
    await expect(road.enhanceSlide(ids()[0] ?? "", [SWAP], nobody)).rejects.toMatchObject({ name: "ConsentNeededError" });
    expect(pane.app.save()).toBe(before);
  });

  it("is not set where the slide was edited meanwhile; what was typed is kept", async () => {
    await open(deck("shape", FILLS.plain));
    const edit = { kind: "write", slide: 0, shape: "2", text: "TYPED MEANWHILE" } as const;
    pane.app.addRule({ on: "Slide.exportAsBase64", effect: { kind: "edit", when: "after", edit } });
    await enhance();
    expect(isAll(SHARP)).toBe(true);
    const saved = Deck.read(bytesOf(pane.app.save()));
    expect(new TextDecoder().decode(saved.pkg.part(saved.slides()[0]?.part ?? ""))).toContain("TYPED MEANWHILE");
  });
});

describe("a fill that is more than a picture", () => {
  it.each(["cropped", "tiled", "faded"] as const)("%s: the slide is replaced, the fill stays as it is", async (kind) => {
    await open(deck("shape", FILLS[kind]));
    const before = ids();
    await enhance();
    expect([ids()[0] === before[0], isAll(SHARP)]).toEqual([false, true]);
    const saved = Deck.read(bytesOf(pane.app.save()));
    const xml = new TextDecoder().decode(saved.pkg.part(saved.slides()[0]?.part ?? ""));
    expect(xml).toContain(FILLS[kind].slice(FILLS[kind].indexOf('"rId2"') + 6));
  });

  it.each(["group", "picture too"] as const)("in or beside a %s: the slide is replaced", async (where) => {
    await open(deck(where, FILLS.plain));
    const before = ids();
    await enhance();
    expect([ids()[0] === before[0], isAll(SHARP)]).toEqual([false, true]);
  });
});
