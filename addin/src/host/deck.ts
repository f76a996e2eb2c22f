// The slides of the open deck: look at them, export one, put one in another's place.
// Nothing here may need more than this (held by tests/requirements.test.ts).

import { HostError, wordsOf } from "./document";
import { readTags, type Tagged, writeTags } from "./tags";
import { inTurn } from "./turns";

export const REQUIRES = "1.8";

const READS = 3;
const REREAD_MS = 300;

export interface SlideLook {
  slideId: string;
  /** Number in the deck, from 1. */
  number: number;
  selectedShapeIds: string[];
  /** Changes with every shape that comes, goes or changes its size. */
  signature: string;
}

export interface Slide {
  id: string;
  /** Number in the deck, from 1. */
  number: number;
}

export interface Replaced {
  slideId: string;
  /** Tags that could not be given back: their shape was not found again. */
  lostTags: number;
  /** True where PowerPoint had to bring the slide's own master along. */
  keptMaster: boolean;
}

function run<T>(batch: (context: PowerPoint.RequestContext) => Promise<T>): Promise<T> {
  return inTurn(async () => {
    try {
      return await PowerPoint.run(batch);
    } catch (error) {
      throw error instanceof HostError ? error : new HostError("host_refused", wordsOf(error));
    }
  });
}

/** List all slides in order. */
export function slides(): Promise<Slide[]> {
  return run(async (context) => {
    const ids = await slideIds(context);
    return ids.map((id, index) => ({ id, number: index + 1 }));
  });
}

/** Look at the slide that the user works on; undefined in an empty deck. */
export function look(): Promise<SlideLook | undefined> {
  return run(async (context) => {
    const selected = context.presentation.getSelectedSlides();
    selected.load("items/id");
    const all = context.presentation.slides;
    all.load("items/id");
    await context.sync();
    const ids = all.items.map((slide) => slide.id);
    const slideId = selected.items[0]?.id ?? ids[0];
    if (slideId === undefined) return undefined;
    const shapes = all.getItem(slideId).shapes;
    shapes.load("items/id,items/type,items/width,items/height");
    await context.sync();
    const signature = shapes.items
      .map((shape) => `${shape.id} ${shape.type} ${shape.width}x${shape.height}`)
      .join(";");
    const selectedShapeIds = await selectedShapes(context);
    return { slideId, number: ids.indexOf(slideId) + 1, selectedShapeIds, signature };
  });
}

/** Export one slide as a deck of its own, as base64. */
export function exportSlide(slideId: string): Promise<string> {
  return run(async (context) => {
    const exported = context.presentation.slides.getItem(slideId).exportAsBase64();
    await context.sync();
    return exported.value;
  });
}

/** Show a shape to the user. Failing to do so does no harm. */
export async function showShape(slideId: string, shapeId: string): Promise<void> {
  try {
    await run(async (context) => {
      context.presentation.setSelectedSlides([slideId]);
      context.presentation.slides.getItem(slideId).setSelectedShapes([shapeId]);
      await context.sync();
    });
  } catch {
    // The notes may have the focus, or the shape is gone: the user sees it as well as we do.
  }
}

/**
 * Put a changed copy of a slide in its place; the old one goes only when the new one stands.
 *
 * `isUnchanged` is asked just before that, with a fresh export of the old slide: where somebody
 * edited it meanwhile, the new one is taken away again (`HostError` "slide_changed").
 * Whatever else fails, the old slide stays. Raises HostError.
 */
export function replaceSlide(
  oldId: string,
  base64: string,
  isUnchanged: (base64: string) => Promise<boolean>,
): Promise<Replaced> {
  return run(async (context) => {
    const before = await slideIds(context);
    const place = before.indexOf(oldId);
    if (place < 0) throw new HostError("slide_gone", "The slide is no longer in the deck.");
    const seen = await selection(context, oldId);
    const tags = await readTags(context, oldId);
    const { newId, keptMaster } = await insert(context, base64, oldId, before);
    await orTakenAway(context, newId, async () => {
      const exported = context.presentation.slides.getItem(oldId).exportAsBase64();
      await context.sync();
      if (await isUnchanged(exported.value)) return;
      throw new HostError("slide_changed", "The slide was edited meanwhile.");
    });
    await removeOld(context, oldId, newId);
    const lostTags = await giveBack(context, newId, tags, seen);
    return { slideId: newId, lostTags, keptMaster };
  });
}

async function slideIds(context: PowerPoint.RequestContext): Promise<string[]> {
  const all = context.presentation.slides;
  all.load("items/id");
  await context.sync();
  return all.items.map((slide) => slide.id);
}

/**
 * Read the ids until PowerPoint answers: what may be deleted next depends on them.
 * Raises HostError "uncertain".
 */
async function knownIds(context: PowerPoint.RequestContext): Promise<string[]> {
  for (let left = READS; ; left--) {
    try {
      return await slideIds(context);
    } catch (error) {
      if (left === 1) {
        throw new HostError(
          "uncertain",
          `PowerPoint does not answer (${wordsOf(error)}). No slide is lost, but a second copy of ` +
            "this one may stand behind it; delete the one that you do not want.",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
    }
  }
}

/** Some hosts raise an error where nothing is selected or the notes have the focus. */
async function selectedShapes(context: PowerPoint.RequestContext): Promise<string[]> {
  try {
    const shapes = context.presentation.getSelectedShapes();
    shapes.load("items/id");
    await context.sync();
    return shapes.items.map((shape) => shape.id);
  } catch {
    return [];
  }
}

/** What is selected, if it is this slide that the user works on. */
async function selection(
  context: PowerPoint.RequestContext,
  slideId: string,
): Promise<string[] | undefined> {
  try {
    const selected = context.presentation.getSelectedSlides();
    selected.load("items/id");
    await context.sync();
    if (selected.items[0]?.id !== slideId) return undefined;
    return await selectedShapes(context);
  } catch {
    return undefined;
  }
}

interface Inserted {
  newId: string;
  keptMaster: boolean;
}

/** Insert behind the old slide, on the same layout; by its own master where there is no other way. */
async function insert(
  context: PowerPoint.RequestContext,
  base64: string,
  oldId: string,
  before: string[],
): Promise<Inserted> {
  const newId = await insertOnce(context, base64, oldId, before, "UseDestinationTheme");
  const isSame = await orTakenAway(context, newId, () => haveSameLayout(context, oldId, newId));
  if (isSame) return { newId, keptMaster: false };
  await takeAway(context, [newId]);
  const other = await insertOnce(context, base64, oldId, before, "KeepSourceFormatting");
  return { newId: other, keptMaster: true };
}

/** Insert, and believe only what the ids say: the host may fail and have done it, or done it twice. */
async function insertOnce(
  context: PowerPoint.RequestContext,
  base64: string,
  oldId: string,
  before: string[],
  formatting: "UseDestinationTheme" | "KeepSourceFormatting",
): Promise<string> {
  const refusal = await refusalOf(async () => {
    context.presentation.insertSlidesFromBase64(base64, { formatting, targetSlideId: oldId });
    await context.sync();
  });
  const after = await knownIds(context);
  const added = after.filter((id) => !before.includes(id));
  const [newId] = added;
  const wanted = before.toSpliced(before.indexOf(oldId) + 1, 0, newId ?? "");
  if (newId !== undefined && sameOrder(after, wanted)) return newId;
  await takeAway(context, added);
  throw new HostError("insert_failed", `PowerPoint did not take the new slide${refusal}.`);
}

async function haveSameLayout(
  context: PowerPoint.RequestContext,
  oldId: string,
  newId: string,
): Promise<boolean> {
  const layouts = [oldId, newId].map((id) => context.presentation.slides.getItem(id).layout);
  for (const layout of layouts) layout.load("id");
  await context.sync();
  return layouts[0]?.id === layouts[1]?.id;
}

/** Do `work`; if it fails, take the new slide away before the error goes on. */
async function orTakenAway<T>(
  context: PowerPoint.RequestContext,
  newId: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await takeAway(context, [newId], wordsOf(error));
    throw error;
  }
}

/** Delete new slides again. Raises HostError "two_slides" where one of them stays. */
async function takeAway(
  context: PowerPoint.RequestContext,
  newIds: string[],
  why = "",
): Promise<void> {
  for (const id of newIds) await refusalOf(() => remove(context, id));
  const left = await knownIds(context);
  if (!newIds.some((id) => left.includes(id))) return;
  throw new HostError(
    "two_slides",
    `${why} A second copy of the slide stands behind it; delete the one that you do not want.`.trim(),
  );
}

async function remove(context: PowerPoint.RequestContext, slideId: string): Promise<void> {
  context.presentation.slides.getItem(slideId).delete();
  await context.sync();
}

/** Delete the old slide. Only while it is seen to stand may the new one be taken away again. */
async function removeOld(
  context: PowerPoint.RequestContext,
  oldId: string,
  newId: string,
): Promise<void> {
  const refusal = await refusalOf(() => remove(context, oldId));
  if (!(await knownIds(context)).includes(oldId)) return;
  const words = `PowerPoint did not remove the old slide${refusal}.`;
  await takeAway(context, [newId], words);
  throw new HostError("delete_failed", words);
}

/** Do `work` and return why it failed, in brackets; "" where it did not. */
async function refusalOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return "";
  } catch (error) {
    return ` (${wordsOf(error)})`;
  }
}

/** Give the new slide what the export dropped, and the user the selection. */
async function giveBack(
  context: PowerPoint.RequestContext,
  newId: string,
  tags: Tagged,
  seen: string[] | undefined,
): Promise<number> {
  if (seen !== undefined) {
    try {
      context.presentation.setSelectedSlides([newId]);
      await context.sync();
      if (seen.length > 0) {
        context.presentation.slides.getItem(newId).setSelectedShapes(seen);
        await context.sync();
      }
    } catch {
      // The deck is right; only the selection is not.
    }
  }
  return writeTags(context, newId, tags);
}

function sameOrder(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}
