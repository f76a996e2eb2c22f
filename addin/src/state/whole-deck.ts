// All slides: find what is blurred, make it sharp slide by slide, take everything back.

import * as api from "../server/api";
import { inspectExport } from "../opc/in-worker";
import { enhanceSlide, presentId, revertSlide, sameSlide } from "./enhance";
import { type Known, loses, lossesOn, warning } from "./losses";
import { type Found, foundIn, guarantee, isOnlyEnlarged, outcome } from "./pictures";
import { inPool } from "./pool";
import { exportSlide, type Slide, slides } from "../host/deck";
import { documentName, HostError } from "../host/document";
import { isNever } from "./settings";
import { sharpened } from "./upscales";
import { plural } from "../strings/words";

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
  message: string;
  losses: Known;
}

/** Pictures on one slide that can be turned back. */
interface Reversible {
  slideId: string;
  sha256s: Set<string>;
}

export type Phase = "idle" | "scanning" | "scanned" | "enhancing" | "undoing";

const SCANS_AT_ONCE = 3;
const AT_CLICK_MS = 10_000;
const KNOWN_AT_ONCE = 500;

export class WholeDeck {
  phase: Phase = "idle";
  items: Item[] = [];
  /** Slides done of `total`, in the phase that runs. */
  done = 0;
  total = 0;
  /** What the last run came to, in one sentence. */
  summary = "";
  private readonly reversible = new Map<string, Reversible>();
  /** What the user has read that Undo all would lose. */
  private undoWarning = "";
  private stop = new AbortController();

  constructor(
    private readonly changed: () => void,
    private readonly say: (words: string) => void,
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
    this.summary = "";
    this.changed();
  }

  cancel(): void {
    this.stop.abort();
  }

  /** Look at every slide. */
  async scan(): Promise<void> {
    await this.during("scanning", async (signal) => {
      this.items = [];
      this.reversible.clear();
      const all = await slides();
      const start = Date.now();
      this.total = all.length;
      const seen = new Map<string, Set<string>>();
      await inPool(all, SCANS_AT_ONCE, signal, async (slide) => {
        const found = await this.look(slide, start, signal);
        if (found.size > 0) seen.set(slide.id, found);
        this.done += 1;
        this.changed();
      });
      await this.findReversible(seen);
      this.sort();
      const stopped = signal.aborted ? ` Stopped after ${this.done} of ${this.total} slides.` : "";
      this.summary = `${this.items.length || "No"} blurred ${this.items.length === 1 ? "picture" : "pictures"} on ${plural(this.done, "slide")}.${stopped}`;
    });
    if (this.phase !== "idle") this.phase = "scanned";
    this.changed();
    this.say(this.summary);
  }

  /** Find the blurred pictures of a slide; gives the hashes of the others. */
  private async look(slide: Slide, start: number, signal: AbortSignal): Promise<Set<string>> {
    const inspected = await inspectExport(await exportSlide(slide.id));
    if (inspected.media.length === 0) return new Set();
    const name = `Slide ${slide.number} of ${documentName()}.pptx`;
    const deck = await api.scan(inspected.file, name, signal);
    const low = foundIn(deck, inspected.media).filter((found) => !isNever(found.sha256));
    const losses = low.length ? await lossesOn(slide.id, start) : undefined;
    for (const found of low) {
      this.items.push({
        key: `${slide.id} ${found.sha256}`,
        slideId: slide.id,
        slideNumber: slide.number,
        found,
        chosen: !loses(losses),
        state: "found",
        isOnlyEnlarged: false,
        message: "",
        losses,
      });
    }
    this.sort();
    const lowHashes = new Set(low.map((found) => found.sha256));
    return new Set(inspected.media.map((each) => each.sha256).filter((h) => !lowHashes.has(h)));
  }

  private async findReversible(seen: Map<string, Set<string>>): Promise<void> {
    const hashes = [...new Set([...seen.values()].flatMap((each) => [...each]))];
    const kept = new Set<string>();
    for (let start = 0; start < hashes.length; start += KNOWN_AT_ONCE) {
      const some = hashes.slice(start, start + KNOWN_AT_ONCE);
      for (const sha256 of (await api.known(some)).keys()) kept.add(sha256);
    }
    for (const [slideId, all] of seen) {
      const sha256s = [...all].filter((sha256) => kept.has(sha256));
      if (sha256s.length > 0) this.reversible.set(slideId, { slideId, sha256s: new Set(sha256s) });
    }
  }

  private sort(): void {
    this.items.sort(
      (a, b) =>
        a.slideNumber - b.slideNumber ||
        (a.found.picture.effective_ppi ?? 0) - (b.found.picture.effective_ppi ?? 0),
    );
  }

  /** Make all chosen pictures sharp; one slide after the other is replaced. */
  async enhance(): Promise<void> {
    await this.during("enhancing", async (signal) => {
      const { agreed, held } = await this.agreed();
      const work = bySlide(agreed);
      this.total = work.size;
      for (const items of work.values()) {
        for (const item of items) item.state = "working";
        // All slides are asked for at once; the queue hands them out in this order.
        for (const item of items) void this.made(item).catch(() => undefined);
      }
      for (const [slideId, items] of work) {
        if (signal.aborted) break;
        await this.enhanceOne(slideId, items);
        this.done += 1;
        this.changed();
      }
      for (const item of this.items) if (item.state === "working") item.state = "found";
      this.summary = this.told(work, held, signal.aborted);
    });
    if (this.phase !== "idle") this.phase = "scanned";
    this.changed();
    this.say(this.summary);
  }

  /** Leave out pictures on slides that would lose more than their rows said. */
  private async agreed(): Promise<{ agreed: Item[]; held: number }> {
    const agreed: Item[] = [];
    let held = 0;
    const since = Date.now() - AT_CLICK_MS;
    for (const item of this.chosen) {
      const losses = await lossesOn(await presentId(item.slideId), since);
      const isNews = loses(losses) && warning(losses) !== warning(item.losses);
      item.losses = losses;
      if (isNews) {
        item.chosen = false;
        held += 1;
      } else agreed.push(item);
    }
    return { agreed, held };
  }

  private made(item: Item): Promise<api.Sharp> {
    const { sha256, scale, blob } = item.found;
    return sharpened(sha256, scale, blob);
  }

  private async enhanceOne(slideId: string, items: Item[]): Promise<void> {
    const results = await Promise.allSettled(items.map((item) => this.made(item)));
    const ready: { item: Item; made: api.Sharp }[] = [];
    items.forEach((item, index) => {
      const result = results[index];
      if (result?.status === "fulfilled") ready.push({ item, made: result.value });
      else this.fail(item, result?.reason);
    });
    if (ready.length === 0) return;
    try {
      const jobs = ready.map(({ made }) => made.jobId);
      const replaced = await enhanceSlide(slideId, jobs);
      for (const item of this.items) if (sameSlide(item.slideId, replaced.slideId)) item.slideId = replaced.slideId;
      this.remember(slideId, replaced.slideId, replaced.newSha256s);
      for (const { item, made } of ready) {
        item.state = "sharp";
        item.isOnlyEnlarged = isOnlyEnlarged(made.picture);
        const why = item.isOnlyEnlarged ? [guarantee(made.picture)] : [];
        item.message = [...why, ...replaced.notes].join(" ");
      }
    } catch (error) {
      for (const { item } of ready) this.fail(item, error);
      if (error instanceof HostError && error.code === "no_answer") throw error;
    }
  }

  private remember(oldId: string, newId: string, newSha256s: string[]): void {
    const known = this.reversible.get(oldId)?.sha256s ?? new Set<string>();
    this.reversible.delete(oldId);
    this.reversible.set(newId, { slideId: newId, sha256s: new Set([...known, ...newSha256s]) });
  }

  private fail(item: Item | undefined, error: unknown): void {
    if (item === undefined) return;
    item.state = "failed";
    item.message = error instanceof Error ? error.message : String(error);
  }

  private told(work: Map<string, Item[]>, held: number, aborted: boolean): string {
    const items = [...work.values()].flat();
    const done = items.filter((item) => item.state === "sharp");
    const plain = done.filter((item) => item.isOnlyEnlarged).length;
    const failed = items.filter((item) => item.state === "failed").length;
    const slideCount = new Set(done.map((item) => item.slideId)).size;
    const words = [`${outcome(done.length - plain, plain, slideCount)}.`];
    if (failed > 0) words.push(`${failed} could not be; the list says why.`);
    if (held > 0) words.push(`${held} left out: the list says what PowerPoint would drop with them.`);
    if (aborted) words.push("Stopped; the other slides are as they were.");
    return words.join(" ");
  }

  /** Put all originals back that the server keeps. */
  async undoAll(): Promise<void> {
    const work = [...this.reversible.entries()];
    await this.during("undoing", async (signal) => {
      if (await this.warnOfUndo(work.map(([, { slideId }]) => slideId))) return;
      this.total = work.length;
      let back = 0;
      const problems: string[] = [];
      for (const [key, { slideId, sha256s }] of work) {
        if (signal.aborted) break;
        try {
          const reverted = await revertSlide(slideId, [...sha256s]);
          this.reversible.delete(key);
          back += sha256s.size;
          this.reopen(reverted.slideId);
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
        }
        this.done += 1;
        this.changed();
      }
      const stopped = signal.aborted ? " Stopped." : "";
      this.summary = [`${plural(back, "picture")} as before.${stopped}`, ...new Set(problems)].join(" ");
    });
    if (this.phase !== "idle") this.phase = "scanned";
    this.changed();
    this.say(this.summary);
  }

  /** The first time that taking back would lose something, only say it. */
  private async warnOfUndo(slideIds: string[]): Promise<boolean> {
    const all = await slides();
    const words: string[] = [];
    const since = Date.now() - AT_CLICK_MS;
    for (const slideId of slideIds) {
      const id = await presentId(slideId);
      const losses = await lossesOn(id, since);
      const number = all.find((slide) => slide.id === id)?.number;
      if (loses(losses)) words.push(`Slide ${number ?? "?"}: ${warning(losses)}`);
    }
    const risks = words.join(" ");
    if (risks === this.undoWarning) return false;
    this.undoWarning = risks;
    this.summary = `${risks} Undo all again to go on.`;
    return true;
  }

  private reopen(slideId: string): void {
    for (const item of this.items) {
      if (!sameSlide(item.slideId, slideId)) continue;
      item.slideId = slideId;
      if (item.state === "sharp") item.state = "found";
      item.isOnlyEnlarged = false;
    }
  }

  private async during(phase: Phase, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.phase = phase;
    this.done = this.total = 0;
    this.summary = "";
    this.changed();
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) this.summary = "Stopped.";
      else this.summary = error instanceof Error ? error.message : String(error);
      for (const item of this.items) if (item.state === "working") item.state = "found";
    }
  }
}

function bySlide(items: Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) found.set(item.slideId, [...(found.get(item.slideId) ?? []), item]);
  return found;
}
