// One slide upscaled, or as it was: a fresh export, the server's answer put into it, and then the
// picture in place where PowerPoint can do that, else a new slide in the old one's place.

import { fillBackground } from "../host/background";
import { documentAddress } from "../host/document";
import { HostError } from "../host/errors";
import { fillShapes } from "../host/fills";
import type { Replaced } from "../host/replace";
import { exportSlide, slides } from "../host/slides";
import { inspectExport, rewrittenExport, slimExport } from "../opc/in-worker";
import type { Inspected, Rewritten, Sending } from "../opc/package";
import * as api from "../server/api";
import { type Message, message } from "../strings/message";
import * as journal from "./journal";
import { type Agreed, isAgreed, type Known } from "./losses";
import { settings } from "./settings";
import { store, stored } from "./storage";
import { rememberStored, sendable } from "./way-back";

const TRIES = 3;

/** A picture on the slide, and the job that made something of it. */
export interface Swap {
  sha256: string;
  jobId: string;
}

export interface Outcome {
  slideId: string;
  /** Hashes of the pictures that came, as PowerPoint stores them. */
  newSha256s: string[];
  /** What the user should know besides. */
  notes: Message[];
}

/** How far a replacement has come, for people. */
export type Step = "server" | "checking" | "replacing";

export interface Consent {
  /** Looks for what the slide would lose. */
  losses(slideId: string): Promise<Known>;
  /** What the user has agreed to lose. */
  agreed: Agreed;
  /** The user wants the new slide though PowerPoint changed more than the picture in it. */
  acceptsAltered: boolean;
  step(step: Step): void;
}

/** The slide would lose what nobody has agreed to. Nothing was changed. */
export class ConsentNeededError extends Error {
  constructor(readonly losses: Known) {
    super("The slide would lose something.");
    this.name = "ConsentNeededError";
  }
}

// A replaced slide has a new id, until Ctrl+Z brings the old one back: all of them mean one slide.
const origins = new Map<string, string>();
const replacedIds: [oldId: string, newId: string][] = [];
// One after the other: the second of two clicks finds the slide where the first has put it.
let last: Promise<unknown> = Promise.resolve();
let canSetBackground = false;
// Whether this PowerPoint sets a fill's picture and nothing else; null until it was seen. Until
// then a try costs a new slide where it does not, so what that would lose is asked about first.
const FILLS = "keeps-fills";
let keepsFills = stored(FILLS) as boolean | null;

/** Whether this PowerPoint can set the picture of a background. */
export function useHost(host: { canSetBackground: boolean }): void {
  canSetBackground = host.canSetBackground;
}

function originOf(slideId: string): string {
  return origins.get(slideId) ?? slideId;
}

/** Say whether two ids mean one slide, before and after it was replaced. */
export function isSameSlide(one: string, other: string): boolean {
  return originOf(one) === originOf(other);
}

/** A slide that stands beside its replacement: Ctrl+Z has taken back the delete alone. */
export function twinsAmong(ids: string[]): [oldId: string, newId: string] | undefined {
  return replacedIds.find(([oldId, newId]) => ids.includes(oldId) && ids.includes(newId));
}

/** Return the id under which the slide stands in the deck now. */
export async function presentId(slideId: string): Promise<string> {
  const ids = (await slides()).map((slide) => slide.id);
  if (ids.includes(slideId)) return slideId;
  return ids.find((id) => isSameSlide(id, slideId)) ?? slideId;
}

/** Put pictures that jobs made onto the slide. Raises HostError, ApiError, ConsentNeededError. */
export function enhanceSlide(slideId: string, swaps: Swap[], consent: Consent): Promise<Outcome> {
  return inOrder(() => rewrite(slideId, consent, (base64) => swapped(base64, swaps)));
}

/** Put the originals of these pictures back onto the slide. Raises the same. */
export function revertSlide(slideId: string, sha256s: string[], consent: Consent): Promise<Outcome> {
  if (sha256s.length === 0) throw new Error("Without hashes the server would revert all pictures.");
  return inOrder(() => rewrite(slideId, consent, (base64) => reverted(base64, sha256s)));
}

function inOrder<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}

interface Answer extends Rewritten {
  jobIds: string[];
}

async function swapped(base64: string, swaps: Swap[]): Promise<Answer> {
  const only = swaps.map(({ sha256 }) => sha256);
  const jobIds = swaps.map(({ jobId }) => jobId);
  const answer = await answered(base64, { only, pictures: new Map() }, (file) => api.swap(file, jobIds, settings()));
  return { ...answer, jobIds };
}

async function reverted(base64: string, sha256s: string[]): Promise<Answer> {
  const { sha256s: there, pictures } = await sendable(sha256s);
  const answer = await answered(base64, { only: sha256s, pictures }, (file) => api.revert(file, there));
  return { ...answer, jobIds: [] };
}

/** Send the pictures that are needed and the geometry; the texts only where the answer needs them. */
async function answered(
  base64: string,
  what: Omit<Sending, "withTexts">,
  ask: (file: Blob) => Promise<Blob>,
): Promise<Rewritten> {
  for (const withTexts of [false, true]) {
    const sending = { ...what, withTexts };
    const answer = await ask(await slimExport({ base64, sending }));
    try {
      return await rewrittenExport({ base64, answer, sending });
    } catch (error) {
      if (withTexts || !(error instanceof Error) || error.name !== "NeedsTextsError") throw error;
    }
  }
  throw new Error("unreachable");
}

async function rewrite(
  slideId: string,
  consent: Consent,
  change: (base64: string) => Promise<Answer>,
): Promise<Outcome> {
  let target = slideId;
  for (let left = TRIES; ; left--) {
    const id = await presentId(target);
    consent.step("server");
    const base64 = await exportSlide(id);
    const before = await inspectExport(base64);
    const after = await change(base64);
    try {
      const placed = await inPlace(id, before, after, consent);
      if ("outcome" in placed) return placed.outcome;
      return await bySlide(id, { ...before, fingerprint: placed.fingerprint }, after, consent);
    } catch (error) {
      if (!(error instanceof HostError && error.code === "slide_changed")) throw error;
      if (error.slideId !== undefined) note(id, error.slideId);
      target = error.slideId ?? id;
      if (left === 1) throw error;
    }
  }
}

/** The fills are set; or they are not, and the slide now has this fingerprint. */
type Placed = { outcome: Outcome } | { fingerprint: string };

/** Set fills in place where all that changes is a plain fill. */
async function inPlace(
  id: string,
  before: Inspected,
  after: Answer,
  consent: Consent,
): Promise<Placed> {
  const { fills } = after;
  if (fills === undefined || keepsFills === false) return before;
  const isBackground = fills.some((fill) => fill.shapeId === undefined);
  if (isBackground && !canSetBackground) return before;
  if (keepsFills === null) await agreement(id, consent);
  const latest = await inspectExport(await exportSlide(id));
  if (latest.fingerprint !== before.fingerprint) throw new HostError("slide_changed");
  await setFills(id, fills.map((fill) => ({ ...fill, picture: fill.base64 })));
  const now = await inspectExport(await exportSlide(id));
  keepsFills = now.structure === after.structure;
  store(FILLS, keepsFills);
  if (keepsFills) return { outcome: outcome(id, before, after, now, []) };
  // This PowerPoint changes more than the picture: put it back, and replace the slide instead, by one
  // that is made from what it was before.
  await setFills(id, fills.map((fill) => ({ ...fill, picture: fill.originalBase64 })));
  const back = await inspectExport(await exportSlide(id));
  if (back.frame !== before.frame) throw new HostError("slide_changed");
  return back;
}

async function setFills(
  id: string,
  fills: { shapeId: string | undefined; picture: string }[],
): Promise<void> {
  const shapes = new Map<string, string>();
  for (const { shapeId, picture } of fills) {
    if (shapeId === undefined) await fillBackground(id, picture);
    else shapes.set(shapeId, picture);
  }
  if (shapes.size > 0) await fillShapes(id, shapes);
}

/** Look for what a new slide would lose. Raises ConsentNeededError where nobody has agreed to it. */
async function agreement(id: string, consent: Consent): Promise<void> {
  consent.step("checking");
  const losses = await consent.losses(id);
  if (!isAgreed(consent.agreed, losses)) throw new ConsentNeededError(losses);
  consent.step("replacing");
}

/** Put a new slide in the old one's place. */
async function bySlide(
  id: string,
  before: Inspected,
  after: Answer,
  consent: Consent,
): Promise<Outcome> {
  const { replaceSlide } = await import("../host/replace"); // the first card does without it
  await agreement(id, consent);
  const ids = (await slides()).map((slide) => slide.id);
  const { fingerprint } = before;
  journal.begin({ document: documentAddress(), oldId: id, before: ids, fingerprint, structure: after.structure });
  let now: Inspected = after;
  const replaced = await journalled(
    replaceSlide(id, after.base64, {
      isCopy: async (slide, of) =>
        (await inspectExport(slide)).structure === (await inspectExport(of)).structure,
      inserted: journal.inserted,
      compare: async (newSlide, oldSlide) => {
        const old = await inspectExport(oldSlide);
        if (old.fingerprint !== fingerprint) throw new HostError("slide_changed");
        now = await inspectExport(newSlide);
        const isSame = now.structure === after.structure;
        if (!isSame && !consent.acceptsAltered) throw new HostError("slide_altered");
      },
      isLatest: async (oldSlide) => (await inspectExport(oldSlide)).fingerprint === fingerprint,
      isUntouched: async (newSlide) => (await inspectExport(newSlide)).fingerprint === now.fingerprint,
    }),
  );
  note(id, replaced.slideId);
  replacedIds.push([id, replaced.slideId]);
  return outcome(replaced.slideId, before, after, now, notesOn(replaced));
}

/** What PowerPoint left open is left in the journal: the next start, or glance, finds two slides. */
async function journalled(work: Promise<Replaced>): Promise<Replaced> {
  try {
    const replaced = await work;
    journal.end();
    return replaced;
  } catch (error) {
    const isOpen = error instanceof HostError && ["uncertain", "two_slides", "no_answer"].includes(error.code);
    if (!isOpen) journal.end();
    throw error;
  }
}

function note(oldId: string, newId: string): void {
  origins.set(newId, originOf(oldId));
}

function outcome(
  slideId: string,
  before: Inspected,
  after: Answer,
  now: Inspected,
  notes: Message[],
): Outcome {
  if (now.structure === after.structure) rememberStored(after.shown, now.shown, after.jobIds);
  const had = new Set(before.media.map((medium) => medium.sha256));
  const newSha256s = [...new Set(now.shown)].filter((sha256) => !had.has(sha256));
  return { slideId, newSha256s, notes };
}

function notesOn(replaced: Replaced): Message[] {
  const notes: Message[] = [];
  if (replaced.lostTags > 0) notes.push(message("note.lost_tags"));
  if (replaced.keptMaster) notes.push(message("note.kept_master"));
  return notes;
}
