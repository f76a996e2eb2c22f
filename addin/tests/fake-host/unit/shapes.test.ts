// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { codeOf, openPane } from "./pane";
import { PIXEL } from "./small-deck";

describe("shapes", () => {
  it("have the types that PowerPoint gives them", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { slides } = context.presentation;
      slides.load("items/shapes/items/type");
      await context.sync();
      expect(slides.items.map((slide) => slide.shapes.items.map((shape) => shape.type))).toEqual([
        ["Placeholder", "Image"],
        ["Placeholder", "Group", "GeometricShape"],
        ["Placeholder"],
      ]);
    });
  });

  it("tell what a placeholder holds, and raise where there is none", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { placeholderFormat } = context.presentation.slides.getItemAt(2).shapes.getItemAt(0);
      placeholderFormat.load("type,containedType");
      await context.sync();
      expect(placeholderFormat.containedType).toBe("Image");
      expect(placeholderFormat.type).toBe("Picture");
    });
    const none = run(async (context) => {
      context.presentation.slides.getItemAt(0).shapes.getItem("3").placeholderFormat.load("type");
      await context.sync();
    });
    expect(await codeOf(none)).toBe("GeneralException");
  });

  it("are measured in points on the slide, in groups and by inheritance too", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { slides } = context.presentation;
      const title = slides.getItemAt(0).shapes.getItemAt(0).load("left,width");
      const inner = slides.getItemAt(1).shapes.getItem("5").group.shapes;
      inner.load("items/id,items/left,items/top,items/width,items/level");
      await context.sync();
      expect([title.left, title.width]).toEqual([36, 648]);
      expect(inner.items.map((shape) => shape.toJSON())).toEqual([
        { id: "6", left: 105, top: 10, width: 100, level: 1 },
      ]);
    });
  });

  it("are listed on the top level only", async () => {
    const { run } = await openPane();
    const inner = run(async (context) => {
      context.presentation.slides.getItemAt(1).shapes.getItem("6");
      await context.sync();
    });
    expect(await codeOf(inner)).toBe("InvalidArgument");
  });

  it("can be moved, filled and deleted", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const { shapes } = context.presentation.slides.getItemAt(0);
      const picture = shapes.getItem("3");
      picture.left = 50;
      picture.fill.setImage(PIXEL);
      shapes.getItem("2").delete();
      shapes.load("items/left,items/fill/type");
      await context.sync();
      expect(shapes.items.map((shape) => [shape.left, shape.fill.type])).toEqual([
        [50, "PictureAndTexture"],
      ]);
    });
  });

  it("carry tags whose keys are upper case", async () => {
    const { run } = await openPane();
    await run(async (context) => {
      const slide = context.presentation.slides.getItemAt(0);
      const shape = slide.shapes.getItem("3");
      shape.tags.add("reviewed", "yes");
      shape.tags.load("items/key,items/value");
      slide.tags.load("items/key,items/value");
      await context.sync();
      const pairs = (tags: PowerPoint.TagCollection) => tags.items.map((x) => [x.key, x.value]);
      expect(pairs(shape.tags)).toEqual([["REVIEWED", "yes"]]);
      expect(pairs(slide.tags)).toEqual([["OWNER", "Ada"]]);
      slide.tags.delete("owner");
      slide.tags.load("items/key");
      await context.sync();
      expect(slide.tags.items).toEqual([]);
    });
  });

  it("are selected together with their slide", async () => {
    const { app, run } = await openPane();
    await run(async (context) => {
      context.presentation.setSelectedSlides(["257#"]);
      context.presentation.slides.getItemAt(1).setSelectedShapes(["6"]);
      const slides = context.presentation.getSelectedSlides();
      const shapes = context.presentation.getSelectedShapes();
      slides.load("items/id");
      shapes.load("items/id,items/name");
      await context.sync();
      expect(slides.items.map((slide) => slide.id)).toEqual(["257#0"]);
      expect(shapes.items.map((shape) => shape.name)).toEqual(["Picture 6"]);
    });
    expect(app.report().selection).toEqual({ slides: [257], shapes: ["6"] });
  });

  it("are inserted by a person on top of all, selected", async () => {
    const { app, run } = await openPane();
    const box = { left: 10, top: 10, width: 150, height: 100 };
    const id = app.do({ kind: "insert-picture", slide: 0, picture: PIXEL, ...box });
    await run(async (context) => {
      const shapes = context.presentation.getSelectedShapes();
      shapes.load("items/id,items/type,items/width");
      await context.sync();
      expect(shapes.items.map((x) => [x.id, x.type, x.width])).toEqual([[id, "Image", 150]]);
    });
  });
});
