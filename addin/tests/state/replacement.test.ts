// One slide replaced, with all that a person, a coauthor or PowerPoint itself does meanwhile.
// @vitest-environment jsdom

import { unzipSync } from "fflate";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { base64, bytesOf } from "../fake-host/base64";
import { Deck } from "../fake-host/deck/deck";
import type { Edit } from "../fake-host/powerpoint/edits";
import type { ProfileName } from "../fake-host/profiles";
import { openPane, type Pane } from "../fake-host/unit/pane";
import { smallPackage } from "../fake-host/unit/small-deck";
import { sha256 } from "../../src/opc/hash";
import { ORIGINAL, received, SHARP, SWAP } from "../fake-server";

vi.mock("../../src/opc/in-worker", () => import("../direct-worker"));
vi.mock("../../src/server/api", async (original) => ({
  ...(await original<object>()),
  ...(await import("../fake-server")),
}));

const TITLE = "2";
const INSERT = "Presentation.insertSlidesFromBase64";
const EXPORT = "Slide.exportAsBase64";
const DELETE = "Slide.delete";
const typed = { kind: "write", slide: 0, shape: TITLE, text: "TYPED MEANWHILE" } as const;

let pane: Pane;
let road: typeof import("../../src/state/replacement");
let losses: typeof import("../../src/state/losses");

/** The small deck without comments and links: nothing is asked. */
function plainDeck(): string {
  const pkg = smallPackage();
  for (const [part, ending] of [["ppt/slides/slide1.xml", "/comments"], ["ppt/slides/slide2.xml", "/slide"]] as const) {
    pkg.setRelationships(part, pkg.relationships(part).filter((one) => !one.type.endsWith(ending)));
    const xml = new TextDecoder().decode(pkg.part(part));
    const without = xml.replace(/<p:extLst><p:ext uri="\{6950[^]*?<\/p:extLst>/, "").replace(/<a:hlinkClick[^>]*\/>/, "");
    pkg.parts.set(part, new TextEncoder().encode(without));
  }
  return base64(pkg.write());
}

async function open(profile: ProfileName = "windows-1.8", deck = plainDeck()): Promise<void> {
  localStorage.clear();
  vi.resetModules();
  pane = await openPane(profile, deck);
  Object.assign(globalThis, { PowerPoint: pane.powerpoint, Office: pane.office });
  road = await import("../../src/state/replacement");
  losses = await import("../../src/state/losses");
  road.useHost({ canSetBackground: profile.endsWith("1.10") });
}

const saved = () => Deck.read(bytesOf(pane.app.save()));
const ids = () => pane.app.report().slides;
const xmlOf = (deck: Deck, at: number) => new TextDecoder().decode(deck.pkg.part(deck.slides()[at]?.part ?? ""));
const texts = (at: number) => [...xmlOf(saved(), at).matchAll(/<a:t>([^<]*)/g)].map((match) => match[1]).join("|");
const isSharp = (at: number) => {
  const deck = saved();
  const media = deck.pkg.related(deck.slides()[at]?.part ?? "", "/image");
  return media.every((part) => Buffer.compare(deck.pkg.part(part), SHARP) === 0);
};

const consent = (more: Partial<import("../../src/state/replacement").Consent> = {}) => ({
  losses: losses.lossesNow,
  agreed: undefined,
  acceptsAltered: false,
  step: () => undefined,
  ...more,
});
const enhance = (at = 0, more = {}) => road.enhanceSlide(ids()[at] ?? "", [SWAP], consent(more));
const during = (on: string, edit: Edit, more: object = {}) =>
  pane.app.addRule({ on, effect: { kind: "edit", when: "after", edit }, ...more });

beforeEach(() => open());

describe("what is typed while a slide is replaced", () => {
  it.each([
    ["after the first export", EXPORT, {}],
    ["after the insert", INSERT, {}],
    ["after the comparison", EXPORT, { after: INSERT, nth: 2 }],
    ["while the layout is read", "SlideLayout.load", {}],
  ])("%s is kept, and the picture is sharp", async (_, on, more) => {
    during(on, typed, more);
    await enhance();
    expect(pane.app.report().unmet).toEqual([]);
    expect(texts(0)).toContain("TYPED MEANWHILE");
    expect(isSharp(0)).toBe(true);
    expect(ids()).toHaveLength(3);
  });

  it("just before the delete is kept: the old slide comes back from the export of its last moment", async () => {
    // In the batch that exports and deletes there is no moment between; so just before that batch.
    pane.app.addRule({ on: "ShapeScopedCollection.load", after: INSERT, effect: { kind: "edit", when: "after", edit: typed } });
    await enhance();
    expect(pane.app.report().unmet).toEqual([]);
    expect(texts(0)).toContain("TYPED MEANWHILE");
    expect([isSharp(0), ids().length]).toEqual([true, 3]);
  });

  it("on both slides, the old one and then the new one, is kept on both, and that is said", async () => {
    const next = { ...typed, text: "TYPED ON THE NEW ONE" };
    pane.app.addRule({ on: "ShapeScopedCollection.load", after: INSERT, effect: { kind: "edit", when: "after", edit: typed } });
    pane.app.addRule({ on: DELETE, after: INSERT, effect: { kind: "edit", when: "after", edit: next } });
    await expect(enhance()).rejects.toMatchObject({ code: "two_slides" });
    expect(pane.app.report().unmet).toEqual([]);
    expect([texts(0), texts(1)].sort()).toEqual(["TYPED MEANWHILE", "TYPED ON THE NEW ONE"]);
    expect(ids()).toHaveLength(4);
  });

  it("is kept by a slide that somebody edits again and again; it stays as it was, and that is said", async () => {
    let number = 0;
    pane.app.addRule({
      on: "SlideLayout.load",
      times: 0,
      effect: { kind: "edit", when: "after", edit: { ...typed, get text() { return `TYPED ${++number}`; } } },
    });
    await expect(enhance()).rejects.toMatchObject({ code: "slide_changed" });
    expect(texts(0)).toContain("TYPED");
    expect([isSharp(0), ids().length]).toEqual([false, 3]);
  });
});

describe("a new slide that PowerPoint changed on its way in", () => {
  const smaller = { kind: "write", slide: 1, shape: TITLE, text: "SMALLER FONT" } as const;

  it("is taken away, and the old one stands", async () => {
    const before = ids();
    during(INSERT, smaller);
    await expect(enhance()).rejects.toMatchObject({ code: "slide_altered" });
    expect(ids()).toEqual(before);
    expect(texts(0)).toContain("First");
  });

  it("stays where the user wants it all the same", async () => {
    during(INSERT, smaller);
    await enhance(0, { acceptsAltered: true });
    expect([texts(0), isSharp(0)]).toEqual(["SMALLER FONT", true]);
  });

  it("with other bytes of the same picture has its way back", async () => {
    pane.app.session.storesOtherBytes = true;
    const { newSha256s } = await enhance();
    expect(isSharp(0)).toBe(false); // PowerPoint has appended something
    const { known } = await import("../../src/state/way-back");
    expect([...(await known(newSha256s)).keys()]).toEqual(newSha256s);
    await road.revertSlide(ids()[0] ?? "", newSha256s, consent());
    const deck = saved();
    const media = deck.pkg.related(deck.slides()[0]?.part ?? "", "/image").map((part) => deck.pkg.part(part));
    expect(media.map((blob) => Buffer.compare(blob, ORIGINAL))).toEqual([0]);
  });
});

describe("two clicks", () => {
  it("on one slide are done one after the other", async () => {
    const [first] = ids();
    const again = () => road.enhanceSlide(first ?? "", [SWAP], consent());
    const swapOnly = await Promise.allSettled([again(), road.revertSlide(first ?? "", [await sha256(SHARP)], consent()), again()]);
    expect(swapOnly.map((each) => each.status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect([isSharp(0), ids().length]).toEqual([true, 3]);
  });
});

describe("a pane that is closed in the middle", () => {
  const reopen = async () => {
    vi.resetModules();
    return import("../../src/state/duplicates");
  };
  const closeAfter = async (on: string) => {
    const never = new Promise<never>(() => undefined);
    const { batch } = pane.app;
    let closed = false;
    pane.app.batch = async (actions) => {
      if (closed) return never;
      const answer = await batch(actions);
      closed = pane.app.engine.calls.some((call) => call.member === on);
      return closed ? never : answer;
    };
    void enhance();
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 10_000 });
    pane.app.batch = batch;
  };

  it("after the insert finds both slides at its next start, and keeps the one that the user wants", async () => {
    await closeAfter(INSERT);
    expect(ids()).toHaveLength(4);
    const { findDuplicate, settle } = await reopen();
    const found = await findDuplicate();
    expect(found).toMatchObject({ oldNumber: 1, newNumber: 2 });
    if (found) await settle(found, "old");
    expect([isSharp(0), ids().length]).toEqual([false, 3]);
    expect(await findDuplicate()).toBeUndefined();
  });

  it("can finish what it had begun, tags of other add-ins too", async () => {
    await closeAfter("SlideLayout.load");
    const { findDuplicate, settle } = await reopen();
    const found = await findDuplicate();
    if (found) await settle(found, "new");
    expect([isSharp(0), ids().length]).toEqual([true, 3]);
  });

  it("before the insert finds nothing to ask", async () => {
    await closeAfter("TagCollection.load");
    const { findDuplicate } = await reopen();
    expect(await findDuplicate()).toBeUndefined();
    expect(ids()).toHaveLength(3);
  });

  it("after the delete gives the tags of other add-ins back at its next start", async () => {
    await closeAfter(DELETE);
    expect([isSharp(0), ids().length]).toEqual([true, 3]);
    const { findDuplicate } = await reopen();
    expect(await findDuplicate()).toBeUndefined();
    const tags = await pane.run(async (context) => {
      const { tags: all } = context.presentation.slides.getItemAt(0);
      all.load("items/key,items/value");
      await context.sync();
      return all.items.map((tag) => `${tag.key}=${tag.value}`);
    });
    expect(tags).toEqual(["OWNER=Ada"]);
  });
});

describe("coauthors", () => {
  const added = async (at: number): Promise<string[]> => {
    pane.app.addRule({ on: INSERT, effect: { kind: "edit", when: "after", edit: { kind: "duplicate-slide", slide: at } } });
    const before = ids();
    await enhance();
    expect(pane.app.report().unmet).toEqual([]);
    return ids().filter((id) => !before.includes(id));
  };

  it("who add a slide at the same time keep it", async () => {
    expect(await added(3)).toHaveLength(2);
    expect([isSharp(0), ids().length]).toEqual([true, 4]);
  });

  it("who delete the slide have it deleted, its copy too", async () => {
    const rest = ids().slice(1);
    pane.app.addRule({ on: "ShapeScopedCollection.load", after: INSERT, effect: { kind: "edit", when: "after", edit: { kind: "delete-slide", slide: 0 } } });
    await expect(enhance()).rejects.toMatchObject({ code: "slide_gone" });
    expect(ids()).toEqual(rest);
  });
});

describe("Ctrl+Z", () => {
  it("that takes back the delete alone leaves two slides, and the user is asked which one stays", async () => {
    pane.app.session.history.style = "separate";
    await enhance();
    pane.app.undo();
    while (ids().length < 4) pane.app.undo(); // tags were given back in entries of their own
    const { duplicateAmong, settle } = await import("../../src/state/duplicates");
    const found = duplicateAmong(ids());
    expect(found).toMatchObject({ oldNumber: 1, newNumber: 2 });
    if (found) await settle(found, "old");
    expect([isSharp(0), ids().length]).toEqual([false, 3]);
  });

  it("that takes all back, or nothing, leaves one slide and asks nothing", async () => {
    const { duplicateAmong } = await import("../../src/state/duplicates");
    for (const style of ["merged", "cleared"] as const) {
      await open();
      pane.app.session.history.style = style;
      await enhance();
      pane.app.undo();
      expect([style, ids().length, isSharp(0)]).toEqual([style, 3, style === "cleared"]);
      expect(duplicateAmong(ids())).toBeUndefined();
    }
  });
});

it.each(["SlideCollection.load", "TagCollection.load", "SlideLayout.load", "ShapeCollection.load"])(
  "objects that are unreadable for a moment are read again: %s",
  async (on) => {
    pane.app.addRule({ on, effect: { kind: "unloaded" } });
    await enhance();
    expect(pane.app.report().unmet).toEqual([]);
    expect([isSharp(0), ids().length]).toEqual([true, 3]);
  },
);

it("in a presentation that is open for reading only nothing is changed, and that is said", async () => {
  pane.app.session.isReadOnly = true;
  const before = pane.app.save();
  await expect(enhance()).rejects.toMatchObject({ name: "HostError" });
  expect(pane.app.save()).toBe(before);
});

it("the view stays where the user went meanwhile", async () => {
  during(INSERT, { kind: "select", slide: 3 });
  const [, , third] = ids();
  await enhance();
  const { selection } = pane.app.report();
  expect(selection.slides).toEqual([Number(third?.split("#")[0])]);
});

it("a comment that is added after the look at the file is asked about, not dropped", async () => {
  await open("windows-1.8", base64(smallPackage().write()));
  await expect(enhance()).rejects.toMatchObject({ name: "ConsentNeededError", losses: { comments: 1 } });
  expect(ids()).toHaveLength(3);
  const agreed = { comments: 1, linksOut: false, linksIn: true, inCustomShow: false, tags: true };
  await enhance(0, { agreed });
  expect(isSharp(0)).toBe(true);
});

it("what leaves the computer has neither texts nor films", async () => {
  await enhance();
  const parts = unzipSync(received().at(-1) ?? new Uint8Array());
  const all = Object.entries(parts).map(([, bytes]) => new TextDecoder().decode(bytes)).join();
  expect(all).not.toContain("First");
  expect(texts(0)).toBe("First");
});
