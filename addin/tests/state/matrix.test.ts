// Whatever happens at whatever moment of a replacement: nothing is lost. Every await is tried with
// every disturbance; MATRIX=all takes all kinds of pictures and all PowerPoints that replace slides.
// @vitest-environment jsdom

import { beforeAll, describe, expect, it, vi } from "vitest";
import { base64, bytesOf } from "../fake-host/base64";
import { Deck } from "../fake-host/deck/deck";
import type { ProfileName } from "../fake-host/profiles";
import { openPane, type Pane } from "../fake-host/unit/pane";
import { smallPackage } from "../fake-host/unit/small-deck";
import { SWAP } from "../fake-server";

vi.mock("../../src/opc/in-worker", () => import("../direct-worker"));
vi.mock("../../src/server/api", async (original) => ({
  ...(await original<object>()),
  ...(await import("../fake-server")),
}));

const TYPED = "TYPED MEANWHILE";
const write = (slide: number) => ({ kind: "write", slide, shape: "2", text: TYPED }) as const;

/** What somebody does, and what must hold in the end. */
const DISTURBANCES = {
  "an edit": {
    do: (pane: Pane) => pane.app.do(write(0)),
    holds: (at: string) => {
      expect(texts().filter((text) => text.includes(TYPED)), at).toHaveLength(1);
      expect(texts(), at).toHaveLength(3);
    },
  },
  "a deletion": {
    do: (pane: Pane) => pane.app.do({ kind: "delete-slide", slide: 0 }),
    holds: (at: string) => expect(texts(), at).toEqual(["Second", ""]),
  },
  "Ctrl+Z": {
    do: (pane: Pane) => {
      pane.app.undo();
    },
    holds: (at: string) => expect(texts(), at).toEqual(["First", "Second", ""]),
  },
  "a coauthor's slide": {
    do: (pane: Pane) => pane.app.do({ kind: "duplicate-slide", slide: pane.app.report().slides.length - 1 }),
    holds: (at: string) => expect(texts(), at).toEqual(["First", "Second", "", ""]),
  },
  "a coauthor's slide right there": {
    do: (pane: Pane) => pane.app.do({ kind: "duplicate-slide", slide: 1 }),
    holds: (at: string) => {
      expect(texts().filter((text) => text === "Second").length, at).toBeGreaterThan(0);
      expect(texts().filter((text) => text === "First").length, at).toBeGreaterThan(0);
      expect(texts(), at).toHaveLength(4);
    },
  },
  "a coauthor's edit elsewhere": {
    do: (pane: Pane) => pane.app.do({ ...write(pane.app.report().slides.length - 2), text: "Elsewhere" }),
    holds: (at: string) => {
      expect(texts().join(), at).toContain("Elsewhere");
      expect(texts().filter((text) => text === "First" || text === "Elsewhere").length, at).toBeGreaterThan(0);
    },
  },
};

const FILL = '<a:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>';
const KINDS = {
  picture: (xml: string) => xml,
  fill: (xml: string) =>
    xml.replace(
      /<p:pic>[^]*<\/p:pic>/,
      '<p:sp><p:nvSpPr><p:cNvPr id="3" name="Box"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>' +
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1270000" cy="1270000"/></a:xfrm>' +
        `<a:prstGeom prst="rect"/>${FILL}</p:spPr></p:sp>`,
    ),
  background: (xml: string) =>
    xml.replace(/<p:pic>[^]*<\/p:pic>/, "").replace("<p:cSld>", `<p:cSld><p:bg><p:bgPr>${FILL}<a:effectLst/></p:bgPr></p:bg>`),
};
const isAll = process.env["MATRIX"] === "all";
const kinds = isAll ? (Object.keys(KINDS) as (keyof typeof KINDS)[]) : (["picture"] as const);
const profiles: ProfileName[] = isAll ? ["web-1.10", "windows-1.8", "mac-1.10"] : ["windows-1.8"];

// Without MATRIX a third of the moments: another third for each disturbance.
const STRIDE = isAll ? 1 : 3;
const LONG_MS = 600_000;

let pane: Pane;

function deck(kind: keyof typeof KINDS): string {
  const pkg = smallPackage();
  const change = (part: string, act: (xml: string) => string) =>
    pkg.parts.set(part, new TextEncoder().encode(act(new TextDecoder().decode(pkg.part(part)))));
  for (const [part, ending] of [["ppt/slides/slide1.xml", "/comments"], ["ppt/slides/slide2.xml", "/slide"]] as const) {
    pkg.setRelationships(part, pkg.relationships(part).filter((one) => !one.type.endsWith(ending)));
  }
  change("ppt/slides/slide1.xml", (xml) => KINDS[kind](xml.replace(/<p:extLst><p:ext uri="\{6950[^]*?<\/p:extLst>/, "")));
  change("ppt/slides/slide2.xml", (xml) => xml.replace(/<a:hlinkClick[^>]*\/>/, ""));
  return base64(pkg.write());
}

function texts(): string[] {
  const all = Deck.read(bytesOf(pane.app.save()));
  return all.slides().map((slide) =>
    [...new TextDecoder().decode(all.pkg.part(slide.part)).matchAll(/<a:t>([^<]*)/g)].map((match) => match[1]).join("|"),
  );
}

async function open(kind: keyof typeof KINDS, profile: ProfileName) {
  localStorage.clear();
  vi.resetModules();
  pane = await openPane(profile, deck(kind));
  Object.assign(globalThis, { PowerPoint: pane.powerpoint, Office: pane.office });
  const road = await import("../../src/state/replacement");
  const { lossesNow } = await import("../../src/state/losses");
  road.useHost({ canSetBackground: profile.endsWith("1.10") });
  const consent = { losses: lossesNow, agreed: undefined, acceptsAltered: false, step: () => undefined };
  return { road, enhance: () => road.enhanceSlide(pane.app.report().slides[0] ?? "", [SWAP], consent) };
}

/** Call `act` before the batch of that number; return how many batches there were. */
function beforeBatch(number: number, act: () => unknown): { count: number } {
  const seen = { count: 0 };
  const { batch } = pane.app;
  pane.app.batch = async (actions) => {
    if (seen.count++ === number) await act();
    return batch(actions);
  };
  return seen;
}

describe.each(profiles)("on %s", (profile) => {
  describe.each(kinds)("a %s", (kind) => {
    let batches = 0;

    beforeAll(async () => {
      const { enhance } = await open(kind, profile);
      const seen = beforeBatch(-1, () => undefined);
      await enhance();
      batches = seen.count;
      expect(batches).toBeGreaterThan(3); // a fill that is set in place takes five
    }, LONG_MS);

    const names = Object.keys(DISTURBANCES) as (keyof typeof DISTURBANCES)[];

    it.each(names)("loses nothing by %s at any moment", { timeout: LONG_MS }, async (name) => {
      const disturbance = DISTURBANCES[name];
      for (let number = names.indexOf(name) % STRIDE; number < batches; number += STRIDE) {
        const { enhance } = await open(kind, profile);
        beforeBatch(number, () => disturbance.do(pane));
        const end = await enhance().then(() => "done", (error: unknown) => String(error));
        const at = `${name} before batch ${number} of ${batches}: ${end}`;
        expect(pane.app.report().refusals).toEqual([]);
        const { findDuplicate, settle } = await import("../../src/state/duplicates");
        // The user is asked which of the two stays, and decides for the old one.
        const twice = await findDuplicate();
        if (twice) await settle(twice, "old");
        disturbance.holds(at);
      }
    });

    it("loses nothing by being closed at any moment", { timeout: LONG_MS }, async () => {
      for (let number = 0; number < batches; number += STRIDE) {
        const { enhance } = await open(kind, profile);
        const { batch } = pane.app;
        let reached = (): void => undefined;
        const closed = new Promise<void>((resolve) => (reached = resolve));
        beforeBatch(number, () => {
          reached();
          return new Promise(() => undefined);
        });
        void enhance();
        await closed;
        pane.app.batch = batch;
        vi.resetModules();
        const { findDuplicate, settle } = await import("../../src/state/duplicates");
        const twice = await findDuplicate();
        expect(texts()).toHaveLength(twice ? 4 : 3);
        if (twice) await settle(twice, "old");
        expect(texts(), `closed before batch ${number}`).toEqual(["First", "Second", ""]);
      }
    });
  });
});
