// What is said of a picture, and which pictures are spoken of.

import { describe, expect, it } from "vitest";
import type { Deck, JobPicture, Picture, Placement } from "../../src/server/api";
import type { Medium } from "../../src/opc/package";
import { message } from "../../src/strings/message";
import { words } from "../../src/strings/strings";
import { asSharpAs, foundIn, guarantee, isOnlyEnlarged, nameOf, outcome, leftAloneIn, sentence, sizes } from "../../src/state/pictures";

function picture(part: string, ppi: number, more: Partial<Picture> = {}): Picture {
  return { part, effective_ppi: ppi, verdict: "low", scale: 4, ...more } as Picture;
}

function placement(part: string, ppi: number, more: Partial<Placement> = {}): Placement {
  return {
    part,
    effective_ppi: ppi,
    verdict: "low",
    shown_width_in: 4.2,
    shape_name: "Picture 3",
    alt_text: "",
    ...more,
  } as Placement;
}

function deck(pictures: Picture[], placements: Placement[]): Deck {
  return { pictures, placements, scan: { slide_width_in: 13.333, slide_height_in: 7.5 } } as Deck;
}

const medium = (part: string): Medium => ({ part, sha256: `hash of ${part}`, blob: new Blob() });

describe("the blurred pictures of a slide", () => {
  it("come worst first, and those that are left alone do not come", () => {
    const found = foundIn(
      deck(
        [picture("a", 90), picture("b", 30), picture("c", 300, { verdict: "left", scale: null })],
        [placement("a", 90), placement("b", 30), placement("c", 300)],
      ),
      ["a", "b", "c"].map(medium),
    );
    expect(found.map((each) => each.picture.part)).toEqual(["b", "a"]);
  });

  it("are spoken of where they are largest", () => {
    const [found] = foundIn(
      deck([picture("a", 40)], [placement("a", 90), placement("a", 40, { shape_name: "Large" })]),
      [medium("a")],
    );
    expect(found && words(nameOf(found))).toBe("Large");
  });

  it("do not come where the export did not bring their bytes", () => {
    expect(foundIn(deck([picture("a", 40)], [placement("a", 40)]), [])).toEqual([]);
  });
});

describe("the pictures that are left alone", () => {
  const left = (reason: string, verdict = "left") =>
    placement("a", 96, { reason, verdict, shape_name: reason } as never);

  it("all have a reason, those that may look blurred first", () => {
    const all = leftAloneIn(deck([], [left("already_sharp"), left("tile_fill"), left("layout_or_master")]));
    expect(all.map(({ name, reason }) => `${words(name)}: ${words(reason)}`)).toEqual([
      "tile_fill: repeated as a tile",
      "layout_or_master: on the layout, so it would change other slides too",
      "already_sharp: sharp enough at the size shown",
    ]);
  });

  it("are not those that are blurred, nor what no slide shows", () => {
    const none = [left("", "low"), left("notes_or_handout"), left("svg_fallback")];
    expect(leftAloneIn(deck([], none))).toEqual([]);
  });

  it("with a reason that this pane has no words for are not hidden", () => {
    expect(leftAloneIn(deck([], [left("a_new_one")])).map(({ reason }) => words(reason))).toEqual([
      "used in a way that is not known to be safe to change",
    ]);
  });
});

describe("the sentence", () => {
  const [found] = foundIn(deck([picture("a", 96)], [placement("a", 96)]), [medium("a")]);

  it("tells size, ppi and what this screen could show", () => {
    expect(found && words(sentence(found, 3840))).toBe(
      "Shown 4.2 in wide, 96 ppi: about a third as sharp as this screen.",
    );
  });

  it("measures by a full-HD screen where this one is smaller", () => {
    expect(found && words(sentence(found, 1280))).toBe(
      "Shown 4.2 in wide, 96 ppi: about two thirds as sharp as a full-HD screen.",
    );
  });

  it.each([
    [0.1, "less than a quarter as sharp"],
    [0.25, "about a quarter as sharp"],
    [0.5, "about half as sharp"],
    [0.8, "about three quarters as sharp"],
    [1.4, "just as sharp"],
  ])("has words for a share of %s", (share, said) => {
    const than = message("screen.this");
    expect(words(message(asSharpAs(share), { than }))).toBe(`${said} as this screen`);
  });

  it("names a picture by its alt text, cut where it is long", () => {
    const long = { ...found, placement: placement("a", 96, { alt_text: "x".repeat(90) }) };
    expect(words(nameOf(long as never))).toBe(`${"x".repeat(57)}…`);
  });
});

describe("the guarantee", () => {
  const made = (upscale: unknown) => ({ upscale }) as JobPicture;

  it.each([
    [{ faithful: { consistency: "exact" }, fallback: null }, "made small again, it is the original"],
    [{ faithful: { consistency: "low_frequency" }, fallback: null }, "shapes and colours are those"],
    [{ faithful: { consistency: "exact" }, fallback: "unfaithful" }, "did not pass the check"],
    [{ faithful: { consistency: "exact" }, fallback: "not_finite" }, "Only enlarged"],
  ])("says what was measured: %o", (report, said) => {
    const found = guarantee(made(report));
    expect(found && words(found)).toContain(said);
  });

  it.each([undefined, made(null), made({})])("promises nothing that was not measured", (picture) => {
    expect(guarantee(picture)).toBeUndefined();
  });

  it("knows what interpolation made", () => {
    const reports = [{ fallback: "unfaithful" }, { fallback: null }, null];
    expect(reports.map((report) => isOnlyEnlarged(made(report)))).toEqual([true, false, false]);
    expect(isOnlyEnlarged(undefined)).toBe(false);
  });

  it.each([
    [3, 0, 2, "3 pictures on 2 slides made sharp."],
    [3, 1, 2, "3 pictures on 2 slides made sharp, 1 only enlarged."],
    [0, 1, 1, "1 picture on 1 slide only enlarged."],
    [0, 0, 0, "0 pictures on 0 slides made sharp."],
  ])("calls only sharp what is: %i, %i on %i", (sharp, plain, slides, said) => {
    expect(words(outcome(sharp, plain, slides))).toBe(said);
  });

  it("tells the sizes once there is a result", () => {
    const picture = { width_px: 150, height_px: 100, new_width_px: 600, new_height_px: 400 };
    const found = sizes(picture as JobPicture);
    expect(found && words(found)).toBe("150 × 100 → 600 × 400 pixels");
    expect(sizes({ ...picture, new_width_px: null } as JobPicture)).toBeUndefined();
  });
});
