// All slides: find what is blurred, enhance it slide by slide, take everything back.

import { HostError } from "../host/errors";
import { type Slide, slides } from "../host/slides";
import type * as api from "../server/api";
import { type Message, message } from "../strings/message";
import { type Agreed, agreedTo, isAgreed, type Known, loses, lossesInRun, lossesNow, lossesOfScan } from "./losses";
import { type Found, foundIn, guarantee, isOnlyEnlarged, outcome } from "./pictures";
import { inPool } from "./pool";
import { problemOf } from "./problems";
import { type Consent, ConsentNeededError, enhanceSlide, isSameSlide, revertSlide } from "./replacement";
import { isNever } from "./settings";
import { scanSlide } from "./slide-scan";
import { upscaled } from "./upscales";
import { known } from "./way-back";

export type ItemState = "found" | "working" | "sharp" | "failed";

/** A blurred picture on one slide of the deck. */
export interface Item {
  readonly key: string;
  slideId: string;
  slideNumber: number;
  found: Found;
  chosen: boolean;
  state: ItemState;
  /** The result is by interpolation: the network's did not pass the check. */
  isOnlyEnlarged: boolean;
  notes: Message[];
  /** What its slide would lose, as its row says. */
  losses: Known;
}

/** Pictures on one slide that can be turned back. */
interface Reversible {
  slideId: string;
  sha256s: Set<string>;
}

export type Phase = "idle" | "scanning" | "scanned" | "enhancing" | "undoing";

const SCANS_AT_ONCE = 3; // exports stand in one queue; more would only fill memory

export class WholeDeck {
  phase: Phase = "idle";
  items: Item[] = [];
  /** Slides done of `total`, in the phase that runs. */
  done = 0;
  total = 0;
  /** What the last run came to. */
  summary: Message[] = [];
  /** Cancel was clicked, and what is at work comes to its end. */
  isStopping = false;
  private readonly reversible = new Map<string, Reversible>();
  /** What the user has read that Undo all would lose, by slide. */
  private readonly undoAgreed = new Map<string, Agreed>();
  private stop = new AbortController();

  constructor(
    private readonly changed: () => void,
    private readonly say: (words: Message) => void,
  ) {}

  get isBusy(): boolean {
    return this.phase === "scanning" || this.phase === "enhancing" || this.phase === "undoing";
  }

  get undoCount(): number {
    return [...this.reversible.values()].reduce((sum, each) => sum + each.sha256s.size, 0);
  }

  get chosen(): Item[] {
    return this.items.filter((item) => item.chosen && item.state !== "sharp");
  }

  /** PowerPoint did not let us see what would be lost. */
  get isUnchecked(): boolean {
    return this.items.some((item) => item.state === "found" && item.losses === undefined);
  }

  /** Forget what was found: settings or the key have changed. */
  reset(): void {
    this.stop.abort();
    this.items = [];
    this.reversible.clear();
    this.phase = "idle";
    this.summary = [];
    this.changed();
  }

  cancel(): void {
    this.stop.abort();
    this.isStopping = true;
    this.say(message("deck.stopping"));
    this.changed();
  }

  /** Look at every slide. */
  async scan(): Promise<void> {
    await this.during("scanning", async (signal) => {
      this.items = [];
      this.reversible.clear();
      const all = await slides();
      this.total = all.length;
      const seen = new Map<string, string[]>();
      await inPool(all, SCANS_AT_ONCE, signal, async (slide) => {
        seen.set(slide.id, await this.look(slide, signal));
        this.done += 1;
        this.changed();
      });
      await this.findReversible(seen);
      await this.findLosses();
      this.sort();
      const on = message("count.slides", { count: this.done });
      this.summary = [message(this.items.length ? "deck.found" : "deck.found_none", { count: this.items.length, on })];
      if (signal.aborted) this.summary.push(message("deck.stopped_after", { done: this.done, total: this.total }));
    });
  }

  /** Find the blurred pictures of a slide; gives the hashes of all. */
  private async look(slide: Slide, signal: AbortSignal): Promise<string[]> {
    const { deck, media } = await scanSlide(slide.id, signal);
    const low = foundIn(deck, media);
    for (const found of low.filter(({ sha256 }) => !isNever(sha256))) {
      this.items.push({
        key: `${slide.id} ${found.sha256}`,
        slideId: slide.id,
        slideNumber: slide.number,
        found,
        chosen: false,
        state: "found",
        isOnlyEnlarged: false,
        notes: [],
        losses: undefined,
      });
    }
    this.sort();
    return media.map((each) => each.sha256);
  }

  /** What Crispdeck made can be turned back, and is not upscaled once more, however low it is. */
  private async findReversible(seen: Map<string, string[]>): Promise<void> {
    const kept = await known([...seen.values()].flat());
    for (const [slideId, all] of seen) {
      const sha256s = new Set(all.filter((sha256) => kept.has(sha256)));
      if (sha256s.size > 0) this.reversible.set(slideId, { slideId, sha256s });
    }
    this.items = this.items.filter((item) => !kept.has(item.found.sha256));
  }

  /** What would be lost is not ticked by itself; neither is what nobody knows. */
  private async findLosses(): Promise<void> {
    for (const item of this.items) {
      item.losses = item === this.items[0] ? await lossesNow(item.slideId) : await lossesOfScan(item.slideId);
      item.chosen = !loses(item.losses);
    }
  }

  private sort(): void {
    this.items.sort(
      (a, b) =>
        a.slideNumber - b.slideNumber ||
        (a.found.picture.effective_ppi ?? 0) - (b.found.picture.effective_ppi ?? 0),
    );
  }

  /** Enhance all chosen pictures; one slide after the other is replaced. */
  async enhance(): Promise<void> {
    await this.during("enhancing", async (signal) => {
      const work = bySlide(this.chosen);
      this.total = work.size;
      for (const item of [...work.values()].flat()) {
        item.state = "working";
        // All are asked for at once; the queue hands them out in this order.
        this.upscale(item, signal).catch(() => undefined);
      }
      let held = 0;
      for (const [slideId, items] of work) {
        if (signal.aborted) break;
        held += await this.enhanceOne(slideId, items, signal);
        this.done += 1;
        this.changed();
      }
      this.summary = this.summaryOf(work, held, signal.aborted);
    });
  }

  private upscale({ found }: Item, signal: AbortSignal): Promise<api.Sharp> {
    return upscaled(found.sha256, found.scale, found.blob, signal);
  }

  /** Enhance the chosen pictures of a slide; gives how many were held back because of losses. */
  private async enhanceOne(slideId: string, items: Item[], signal: AbortSignal): Promise<number> {
    const results = await Promise.allSettled(items.map((item) => this.upscale(item, signal)));
    const ready = items.flatMap((item, at) => {
      const result = results[at];
      if (result?.status === "fulfilled") return [{ item, sharp: result.value }];
      if (!signal.aborted) this.fail(item, result?.reason);
      return [];
    });
    const [first] = ready;
    if (first === undefined) return 0;
    try {
      const swaps = ready.map(({ item, sharp }) => ({ sha256: item.found.sha256, jobId: sharp.jobId }));
      const replaced = await enhanceSlide(slideId, swaps, this.consent(agreedTo(first.item.losses)));
      this.moved(slideId, replaced.slideId);
      this.remember(slideId, replaced.slideId, replaced.newSha256s);
      for (const { item, sharp } of ready) this.stands(item, sharp, replaced.notes);
      return 0;
    } catch (error) {
      return this.notEnhanced(ready.map(({ item }) => item), error);
    }
  }

  private notEnhanced(items: Item[], error: unknown): number {
    if (error instanceof ConsentNeededError) {
      // More would be lost than the row said: it says so now, and has to be ticked again.
      for (const item of items) Object.assign(item, { state: "found", chosen: false, losses: error.losses });
      return items.length;
    }
    for (const item of items) this.fail(item, error);
    if (error instanceof HostError && error.code === "no_answer") throw error;
    return 0;
  }

  private consent(agreed: Agreed): Consent {
    return { losses: lossesInRun, agreed, acceptsAltered: false, step: () => undefined };
  }

  private stands(item: Item, sharp: api.Sharp, notes: Message[]): void {
    item.state = "sharp";
    item.isOnlyEnlarged = isOnlyEnlarged(sharp.picture);
    const why = item.isOnlyEnlarged ? guarantee(sharp.picture) : undefined;
    item.notes = why ? [why, ...notes] : notes;
  }

  private moved(oldId: string, newId: string): void {
    for (const item of this.items) {
      if (item.slideId === oldId || isSameSlide(item.slideId, newId)) item.slideId = newId;
    }
  }

  private remember(oldId: string, newId: string, newSha256s: string[]): void {
    const earlier = this.reversible.get(oldId)?.sha256s ?? new Set<string>();
    this.reversible.delete(oldId);
    this.reversible.set(newId, { slideId: newId, sha256s: new Set([...earlier, ...newSha256s]) });
  }

  private fail(item: Item, error: unknown): void {
    item.state = "failed";
    item.notes = [problemOf(error)];
  }

  private summaryOf(work: Map<string, Item[]>, held: number, aborted: boolean): Message[] {
    const items = [...work.values()].flat();
    const done = items.filter((item) => item.state === "sharp");
    const enlarged = done.filter((item) => item.isOnlyEnlarged).length;
    const failed = items.filter((item) => item.state === "failed").length;
    const slideCount = new Set(done.map((item) => item.slideId)).size;
    const summary = [outcome(done.length - enlarged, enlarged, slideCount)];
    if (failed > 0) summary.push(message("deck.failed", { count: failed }));
    if (held > 0) summary.push(message("deck.held", { count: held }));
    if (aborted) summary.push(message("deck.stopped"));
    return summary;
  }

  /** Put all originals back that the server keeps. */
  async undoAll(): Promise<void> {
    const work = [...this.reversible.entries()];
    await this.during("undoing", async (signal) => {
      this.total = work.length;
      let back = 0;
      const problems: Message[] = [];
      for (const [key, { slideId, sha256s }] of work) {
        if (signal.aborted) break;
        try {
          const agreed = this.undoAgreed.get(slideId);
          const reverted = await revertSlide(slideId, [...sha256s], this.consent(agreed));
          this.reversible.delete(key);
          back += sha256s.size;
          this.reopen(slideId, reverted.slideId);
        } catch (error) {
          problems.push(this.notUndone(slideId, error));
        }
        this.done += 1;
        this.changed();
      }
      this.summary = [message("deck.undone", { count: back }), ...unique(problems)];
      if (signal.aborted) this.summary.push(message("deck.stopped"));
    });
  }

  /** A slide that would lose something is left, and said so: the next Undo all means it too. */
  private notUndone(slideId: string, error: unknown): Message {
    if (!(error instanceof ConsentNeededError)) return problemOf(error);
    const isNews = !isAgreed(this.undoAgreed.get(slideId), error.losses);
    if (isNews) this.undoAgreed.set(slideId, agreedTo(error.losses));
    return message("deck.undo_asks");
  }

  private reopen(oldId: string, newId: string): void {
    this.moved(oldId, newId);
    for (const item of this.items) {
      if (item.slideId !== newId || item.state !== "sharp") continue;
      item.state = "found";
      item.isOnlyEnlarged = false;
      item.notes = [];
    }
  }

  private async during(phase: Phase, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.phase = phase;
    this.isStopping = false;
    this.done = this.total = 0;
    this.summary = [];
    this.changed();
    try {
      await work(signal);
    } catch (error) {
      this.summary = [signal.aborted ? message("deck.stopped") : problemOf(error)];
    }
    if (this.stop.signal !== signal) return; // another run has begun meanwhile
    for (const item of this.items) if (item.state === "working") item.state = "found";
    if (this.phase !== "idle") this.phase = "scanned";
    this.changed();
    for (const each of this.summary) this.say(each);
  }
}

function bySlide(items: Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) found.set(item.slideId, [...(found.get(item.slideId) ?? []), item]);
  return found;
}

function unique(messages: Message[]): Message[] {
  const seen = new Set<string>();
  return messages.filter((each) => !seen.has(JSON.stringify(each)) && seen.add(JSON.stringify(each)));
}
