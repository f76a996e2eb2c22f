// Tags of a slide and its shapes: other add-ins keep their notes in them, and the host's export
// drops them. They are read before a slide is replaced and written to the one in its place.

import { read } from "./run";

export const REQUIRES = "1.8";

type Pairs = [key: string, value: string][];

export interface Tagged {
  slide: Pairs;
  shapes: Map<string, Pairs>;
}

/** Read all tags of a slide, of its shapes and of the shapes in its groups. */
export async function readTags(
  context: PowerPoint.RequestContext,
  slideId: string,
): Promise<Tagged> {
  const slide = context.presentation.slides.getItem(slideId);
  const found: Tagged = { slide: await tagsOf(context, slide), shapes: new Map() };
  for (const shape of await allShapes(context, slide)) {
    const pairs = pairsOf(shape.tags);
    if (pairs.length > 0) found.shapes.set(shape.id, pairs);
  }
  return found;
}

/** Write tags to another slide; gives the number of those whose shape is not there. */
export async function writeTags(
  context: PowerPoint.RequestContext,
  slideId: string,
  tags: Tagged,
): Promise<number> {
  const count = [...tags.shapes.values()].reduce((sum, pairs) => sum + pairs.length, 0);
  if (count + tags.slide.length === 0) return 0;
  try {
    const slide = context.presentation.slides.getItem(slideId);
    const shapes = new Map(
      (await allShapes(context, slide)).map((shape) => [shape.id, shape] as const),
    );
    for (const [key, value] of tags.slide) slide.tags.add(key, value);
    let lost = 0;
    for (const [id, pairs] of tags.shapes) {
      const shape = shapes.get(id);
      if (shape === undefined) lost += pairs.length;
      else for (const [key, value] of pairs) shape.tags.add(key, value);
    }
    await context.sync();
    return lost;
  } catch {
    return count + tags.slide.length;
  }
}

function tagsOf(context: PowerPoint.RequestContext, slide: PowerPoint.Slide): Promise<Pairs> {
  return read(context, () => {
    slide.tags.load("items/key,items/value");
    return () => pairsOf(slide.tags);
  });
}

function pairsOf(tags: PowerPoint.TagCollection): Pairs {
  return tags.items.map((tag) => [tag.key, tag.value]);
}

/** Load all shapes with their tags, level by level: groups hold shapes, and groups again. */
async function allShapes(
  context: PowerPoint.RequestContext,
  slide: PowerPoint.Slide,
): Promise<PowerPoint.Shape[]> {
  const found: PowerPoint.Shape[] = [];
  let level: (PowerPoint.ShapeCollection | PowerPoint.ShapeScopedCollection)[] = [slide.shapes];
  while (level.length > 0) {
    const now = level;
    const shapes = await read(context, () => {
      for (const each of now) each.load("items/id,items/type");
      return () => now.flatMap((each) => each.items);
    });
    await read(context, () => {
      for (const shape of shapes) shape.tags.load("items/key,items/value");
      return () => shapes.map((shape) => shape.tags.items);
    });
    found.push(...shapes);
    level = shapes
      .filter((shape) => shape.type === "Group")
      .map((shape) => shape.group.shapes);
  }
  return found;
}
