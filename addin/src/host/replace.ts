// Put a changed copy of a slide in the place of the old one, and lose nothing on the way.
// Nothing here may need more than this (held by tests/host/requirements.test.ts).

import { HostError, hostError } from "./errors";
import { read, run } from "./run";
import { slideIds } from "./slides";
import { readTags, type Tagged, writeTags } from "./tags";

export const REQUIRES = "1.8";

export interface Replaced {
  slideId: string;
  /** Tags that could not be given back: their shape was not found again. */
  lostTags: number;
  /** True where PowerPoint had to bring the slide's own master along. */
  keptMaster: boolean;
}

/** What the caller knows of slides; PowerPoint's side of it is here. */
export interface Checks {
  /** Does an exported slide show what the other package holds? */
  isCopy(slide: string, of: string): Promise<boolean>;
  /** The new slide stands behind the old one. */
  inserted(newId: string, tags: Tagged): void;
  /** Fresh exports of both. Throws a HostError to have the new one taken away. */
  compare(newSlide: string, oldSlide: string): Promise<void>;
  /** The old slide as it was when it went; false: it comes back. */
  isLatest(oldSlide: string): Promise<boolean>;
  /** The new slide, which goes again for that; false: somebody has typed on it already. */
  isUntouched(newSlide: string): Promise<boolean>;
}

type Context = PowerPoint.RequestContext;

/**
 * Replace a slide; the old one goes only when the new one stands and was compared.
 *
 * The old slide is exported in the same batch that deletes it: what was typed until then is in that
 * export, and where it differs the slide comes back from it ("slide_changed", with its new id).
 * Whatever else fails, the old slide stays. Raises HostError.
 */
export function replaceSlide(oldId: string, base64: string, checks: Checks): Promise<Replaced> {
  return run(async (context) => {
    const before = await slideIds(context);
    if (!before.includes(oldId)) throw new HostError("slide_gone");
    const tags = await readTags(context, oldId);
    const { newId, keptMaster } = await insert(context, base64, oldId, before, checks);
    checks.inserted(newId, tags);
    await orTakenAway(context, newId, async () => {
      const [newSlide, oldSlide] = await exports(context, [newId, oldId]);
      await checks.compare(newSlide, oldSlide);
    });
    const { last, selection } = await removeOld(context, oldId, newId);
    if (last !== undefined && !(await checks.isLatest(last))) {
      const restored = await bringBack(context, last, newId, tags, checks);
      throw new HostError("slide_changed", "", restored);
    }
    if (selection !== undefined) await select(context, newId, selection);
    return { slideId: newId, lostTags: await writeTags(context, newId, tags), keptMaster };
  });
}

/** Give a slide the tags that its replacement was interrupted before it got. */
export function giveTags(slideId: string, tags: Tagged): Promise<number> {
  return run((context) => writeTags(context, slideId, tags));
}

async function exports(context: Context, ids: [string, string]): Promise<[string, string]> {
  const [one, other] = ids.map((id) => context.presentation.slides.getItem(id).exportAsBase64());
  await context.sync();
  return [one?.value ?? "", other?.value ?? ""];
}

interface Inserted {
  newId: string;
  keptMaster: boolean;
}

/** Insert behind the old slide, on the same layout; by its own master where there is no other way. */
async function insert(
  context: Context,
  base64: string,
  oldId: string,
  before: string[],
  checks: Checks,
): Promise<Inserted> {
  const newId = await insertOnce(context, base64, oldId, before, "UseDestinationTheme", checks);
  const isSame = await orTakenAway(context, newId, () => haveSameLayout(context, oldId, newId));
  if (isSame) return { newId, keptMaster: false };
  await takeAway(context, [newId]);
  const other = await insertOnce(context, base64, oldId, before, "KeepSourceFormatting", checks);
  return { newId: other, keptMaster: true };
}

type Formatting = "UseDestinationTheme" | "KeepSourceFormatting";

/**
 * Insert, and believe only what the ids say: the host may fail and have done it, or done it twice.
 *
 * The ids are read in the batch that inserts, where nobody else can come between: what is new there
 * is ours. Where PowerPoint does not show it there yet, one slide right behind is ours if it shows what
 * was sent; another like it may be a coauthor's copy, and stays.
 */
async function insertOnce(
  context: Context,
  base64: string,
  behindId: string,
  before: string[],
  formatting: Formatting,
  checks: Checks,
): Promise<string> {
  let own: string[] = [];
  const refusal = await refusalOf(async () => {
    const { slides } = context.presentation;
    const count = slides.getCount();
    context.presentation.insertSlidesFromBase64(base64, { formatting, targetSlideId: behindId });
    slides.load("items/id");
    await context.sync();
    if (count.value === before.length) own = without(slides.items.map((slide) => slide.id), before);
  });
  const after = await knownIds(context);
  const isCopy = async (id: string) => checks.isCopy(await exported(context, id), base64);
  const ours = own.length > 0 ? await copiesAmong(own, isCopy) : await nearestCopy(after, behindId, before, isCopy);
  const newId = after[after.indexOf(behindId) + 1];
  const stands = after.includes(behindId) && newId !== undefined && ours.includes(newId);
  await takeAway(context, stands ? ours.filter((id) => id !== newId) : ours);
  if (stands) return newId;
  if (!after.includes(behindId)) throw new HostError("slide_gone");
  throw refusal?.code === "too_large" ? refusal : new HostError("insert_failed", refusal?.said);
}

function without(ids: string[], others: string[]): string[] {
  return ids.filter((id) => !others.includes(id));
}

type IsCopy = (id: string) => Promise<boolean>;

/** Which of the slides that came in the batch are ours: somebody else may have added one in it. */
async function copiesAmong(added: string[], isCopy: IsCopy): Promise<string[]> {
  if (added.length < 2) return added;
  const found: string[] = [];
  for (const id of added) if (await isCopy(id)) found.push(id);
  if (found.length === 0) throw new HostError("uncertain");
  return found;
}

/** Which of the slides that came until now is ours: the first one behind the old one that may be. */
async function nearestCopy(after: string[], behindId: string, before: string[], isCopy: IsCopy): Promise<string[]> {
  const added = without(after, before);
  if (added.length < 2) return added;
  const behind = added.filter((id) => after.indexOf(id) > after.indexOf(behindId));
  for (const id of behind) if (await isCopy(id)) return [id];
  throw new HostError("uncertain");
}

async function exported(context: Context, id: string): Promise<string> {
  const result = context.presentation.slides.getItem(id).exportAsBase64();
  await context.sync();
  return result.value;
}

async function haveSameLayout(context: Context, oldId: string, newId: string): Promise<boolean> {
  return read(context, () => {
    const layouts = [oldId, newId].map((id) => context.presentation.slides.getItem(id).layout);
    for (const layout of layouts) layout.load("id");
    return () => layouts[0]?.id === layouts[1]?.id;
  });
}

/** Do `work`; if it fails, take the new slide away before the error goes on. */
async function orTakenAway<T>(context: Context, newId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await takeAway(context, [newId]);
    throw error;
  }
}

/** Delete new slides again. Raises HostError "two_slides" where one of them stays. */
async function takeAway(context: Context, newIds: string[]): Promise<void> {
  for (const id of newIds) await refusalOf(() => remove(context, id));
  const left = await knownIds(context);
  if (newIds.some((id) => left.includes(id))) throw new HostError("two_slides");
}

async function remove(context: Context, slideId: string): Promise<void> {
  context.presentation.slides.getItem(slideId).delete();
  await context.sync();
}

interface Removed {
  /** The old slide as it was when it went; undefined where somebody else had deleted it. */
  last: string | undefined;
  /** What was selected on it then; undefined where the user was on another slide. */
  selection: string[] | undefined;
}

/**
 * Export and delete the old slide in one batch, with what the user has selected.
 * Only while the old one is seen to stand may the new one be taken away again.
 */
async function removeOld(context: Context, oldId: string, newId: string): Promise<Removed> {
  const selection = await selectionOn(context, oldId);
  let last: string | undefined;
  const refusal = await refusalOf(async () => {
    // Ctrl+Z may have taken the new slide away: this fails then, and with it all that follows.
    context.presentation.slides.getItem(newId).load("id");
    last = await exportAndRemove(context, oldId);
  });
  const ids = await knownIds(context);
  if (ids.includes(oldId)) {
    await takeAway(context, [newId]);
    throw whyItStands(refusal, ids.includes(newId));
  }
  // Where PowerPoint did not find it, somebody deleted it, and its copy is not wanted either.
  if (/NotFound|InvalidArgument/.test(refusal?.hostCode ?? "")) {
    await takeAway(context, [newId]);
    throw new HostError("slide_gone");
  }
  return { last, selection };
}

function whyItStands(refusal: HostError | undefined, hadNew: boolean): HostError {
  if (!hadNew) return new HostError("slide_changed");
  return refusal?.code === "too_large" ? refusal : new HostError("delete_failed", refusal?.said);
}

/**
 * Put the old slide behind the new one, as it was when it went, and take the new one away; where
 * somebody has typed on the new one too, both stand in the end. Raises HostError "two_slides" then.
 */
async function bringBack(
  context: Context,
  last: string,
  newId: string,
  tags: Tagged,
  checks: Checks,
): Promise<string> {
  const before = await knownIds(context);
  const restored = await insertOnce(context, last, newId, before, "UseDestinationTheme", checks);
  await writeTags(context, restored, tags);
  const typed = await exportAndRemove(context, newId).catch(() => undefined);
  await takeAway(context, typed === undefined ? [newId] : []);
  if (typed === undefined || (await checks.isUntouched(typed))) return restored;
  await insertOnce(context, typed, restored, await knownIds(context), "UseDestinationTheme", checks);
  throw new HostError("two_slides", "", restored);
}

/** What was typed on a slide until it went is in the export of the batch that deletes it. */
async function exportAndRemove(context: Context, slideId: string): Promise<string> {
  const slide = context.presentation.slides.getItem(slideId);
  const exported = slide.exportAsBase64();
  slide.delete();
  await context.sync();
  return exported.value;
}

/** What is selected, if this slide is the one in view; undefined otherwise. */
async function selectionOn(context: Context, slideId: string): Promise<string[] | undefined> {
  try {
    const inView = await read(context, () => {
      const selected = context.presentation.getSelectedSlides();
      selected.load("items/id");
      return () => selected.items[0]?.id;
    });
    if (inView !== slideId) return undefined;
  } catch {
    return undefined;
  }
  try {
    return await read(context, () => {
      const shapes = context.presentation.getSelectedShapes();
      shapes.load("items/id");
      return () => shapes.items.map((shape) => shape.id);
    });
  } catch {
    return []; // nothing is selected, or the notes have the focus
  }
}

async function select(context: Context, slideId: string, shapeIds: string[]): Promise<void> {
  try {
    context.presentation.setSelectedSlides([slideId]);
    await context.sync();
    if (shapeIds.length === 0) return;
    context.presentation.slides.getItem(slideId).setSelectedShapes(shapeIds);
    await context.sync();
  } catch {
    // The deck is right; only the selection is not.
  }
}

/** Read the ids until PowerPoint answers: what may be deleted next depends on them. */
async function knownIds(context: Context): Promise<string[]> {
  try {
    return await slideIds(context, true);
  } catch (error) {
    throw new HostError("uncertain", hostError(error).said);
  }
}

/** Do `work` and return why it failed; undefined where it did not. */
async function refusalOf(work: () => Promise<void>): Promise<HostError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return hostError(error);
  }
}

