// What the probe makes in the host of the tests: a shape is made once, a background has a picture.
// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { bytesOf } from "../base64";
import { Deck } from "../deck/deck";
import { packageProblems } from "../opc/check";
import { codeOf, openPane, type Pane } from "./pane";
import { PIXEL } from "./small-deck";

let pane: Pane;

beforeEach(async () => {
  pane = await openPane("web-1.10");
});

const xml = () => {
  const deck = Deck.read(bytesOf(pane.app.save()));
  return new TextDecoder().decode(deck.pkg.part(deck.slides()[0]?.part ?? ""));
};

it("a rectangle is added once, filled in the same batch, and deleted again", async () => {
  const count = (xml().match(/<p:sp>/g) ?? []).length;
  const id = await pane.run(async (context) => {
    const { shapes } = context.presentation.slides.getItemAt(0);
    const shape = shapes.addGeometricShape("Rectangle", { left: 10, top: 20, width: 30, height: 40 });
    shape.load("id");
    shape.fill.setImage(PIXEL);
    await context.sync();
    return shape.id;
  });
  expect(xml().match(/<p:sp[ >]/g)).toHaveLength(count + 1);
  expect(xml()).toContain("<a:blipFill>");
  expect(packageProblems(bytesOf(pane.app.save()))).toEqual([]);
  await pane.run(async (context) => {
    context.presentation.slides.getItemAt(0).shapes.getItem(id).delete();
    await context.sync();
  });
  expect((xml().match(/<p:sp[ >]/g) ?? []).length).toBe(count);
});

it("a slide gets a picture as background, in the place that the schema wants", async () => {
  await pane.run(async (context) => {
    const { fill } = context.presentation.slides.getItemAt(0).background;
    fill.setPictureOrTextureFill({ imageBase64: PIXEL, transparency: 0 });
    await context.sync();
  });
  expect(xml()).toMatch(/<p:cSld[^>]*><p:bg[ >]/);
  expect(packageProblems(bytesOf(pane.app.save()))).toEqual([]);
});

it("nothing is added to a presentation that is open for reading only", async () => {
  pane.app.session.isReadOnly = true;
  const added = pane.run(async (context) => {
    const { shapes } = context.presentation.slides.getItemAt(0);
    shapes.addGeometricShape("Rectangle", { left: 1, top: 1, width: 1, height: 1 });
    await context.sync();
  });
  expect(await codeOf(added)).toBe("GeneralException");
});
