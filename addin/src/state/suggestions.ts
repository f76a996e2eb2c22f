// The slide that the user works on: notice its pictures, have them made ready, apply, take back.

import { type SlideInView, slideInView } from "../host/slides";
import * as api from "../server/api";
import { type Message, message } from "../strings/message";
import { applied, type Card, fresh, isBusy, isSelected, movedTo, reused, type State } from "./card";
import { CardWork } from "./card-work";
import { type Duplicate, duplicateAmong, findDuplicate, settle } from "./duplicates";
import { foundIn, type LeftAlone, leftAloneIn, nameOfPart, neverAskedIn } from "./pictures";
import { isRefused, problemOf } from "./problems";
import { isSameSlide } from "./replacement";
import { isNever, setNever, settings } from "./settings";
import { forgetScans, type ScannedSlide, scanSlide } from "./slide-scan";
import { upscaled } from "./upscales";
import { known } from "./way-back";

export type Phase = "idle" | "looking" | "shown" | "failed";

const SETTLE_MS = 400; // a drag or a walk through slides sends many events
// Change Picture, a crop or another fill leave no trace in ids and sizes: after an event on the same
// slide it is exported again, ever more rarely while that shows nothing new.
const AGAIN_MS = 10_000;
const MOST_AGAIN_MS = 120_000;
// The server failed: how long until it is asked again by itself.
const RETRY_MS = 30_000;
const MOST_RETRY_MS = 300_000;

function markOf(slide: SlideInView | undefined): string {
  return slide ? `${slide.slideId} ${slide.signature}` : "";
}

function partOf({ media }: ScannedSlide, sha256: string): string {
  return media.find((each) => each.sha256 === sha256)?.part ?? "";
}

export class Suggestions {
  phase: Phase = "idle";
  problem: Message | undefined;
  slide: SlideInView | undefined;
  cards: Card[] = [];
  leftAlone: LeftAlone[] = [];
  /** A slide that stands twice; the user decides. */
  duplicate: Duplicate | undefined;
  /** What clicks on cards do. */
  readonly work: CardWork;
  private readonly aside = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = RETRY_MS;
  private seen = "";
  private fingerprint = "";
  private checkedMs = 0;
  private againMs = AGAIN_MS;
  private round = 0;
  private glancing: Promise<boolean> | undefined;

  constructor(
    private readonly changed: () => void,
    private readonly say: (words: Message) => void,
  ) {
    this.work = new CardWork({
      changed,
      say,
      moved: (card, slideId) => this.moved(card, slideId),
      replaced: () => this.lookAgain(),
      drop: (card) => (this.cards = this.cards.filter((each) => each !== card)),
      prepare: (card) => this.prepare(card),
    });
  }

  /** See if another slide, or other pictures, want to be looked at; says whether something is new. */
  glance(isEvent = false): Promise<boolean> {
    if (!settings().suggest || !settings().key) return Promise.resolve(false);
    this.glancing ??= slideInView()
      .then((slide) => this.notice(slide, isEvent), () => false) // the host is busy: the next event comes
      .finally(() => (this.glancing = undefined));
    return this.glancing;
  }

  private notice(slide: SlideInView | undefined, isEvent: boolean): boolean {
    if (slide && this.slide && isSameSlide(slide.slideId, this.slide.slideId)) this.select(slide);
    this.noticeDuplicate(duplicateAmong(slide?.ids ?? []));
    const isSame = markOf(slide) === this.seen;
    if (isSame && !(isEvent && this.isDue())) return false;
    if (!isSame) this.againMs = AGAIN_MS;
    this.seen = markOf(slide);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), SETTLE_MS);
    return !isSame;
  }

  private isDue(): boolean {
    return this.phase === "shown" && Date.now() - this.checkedMs > this.againMs;
  }

  private noticeDuplicate(found: Duplicate | undefined): void {
    if (this.duplicate?.newId === found?.newId) return;
    this.duplicate = found;
    if (found) this.say(message("twice.title"));
    this.changed();
  }

  /** Look for what a pane that was closed in the middle has left. */
  async recover(): Promise<void> {
    this.noticeDuplicate(await findDuplicate().catch(() => undefined));
  }

  /** The user has decided which of the two slides stays. */
  async settle(keep: "old" | "new" | "both"): Promise<void> {
    const found = this.duplicate;
    if (found === undefined) return;
    try {
      await settle(found, keep);
      this.duplicate = undefined;
      this.lookAgain();
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.changed();
    await this.check();
  }

  /** Forget what was seen, so that the next glance looks at everything anew. */
  reset(): void {
    clearTimeout(this.timer);
    clearTimeout(this.retryTimer);
    this.round += 1;
    this.seen = this.fingerprint = "";
    forgetScans();
    this.cards = [];
    this.leftAlone = [];
    this.phase = "idle";
    this.changed();
  }

  private select(slide: SlideInView): void {
    if (this.slide?.selectedShapeIds.join() === slide.selectedShapeIds.join()) return;
    this.slide = slide;
    this.sort();
    this.changed();
  }

  /** Look at the present slide now. */
  async check(): Promise<void> {
    const round = ++this.round;
    clearTimeout(this.retryTimer);
    if (this.phase !== "shown") this.phase = "looking";
    this.changed();
    try {
      const slide = await slideInView();
      // Not always what the last glance saw: whoever goes back there must be noticed.
      this.seen = markOf(slide);
      if (!this.isInView(slide)) this.leave(slide);
      // No export is made for a server that has asked to be left in peace.
      if (api.pauseMs() > 0) throw new api.ApiError(429, "limit_reached", "", Math.ceil(api.pauseMs() / 1000));
      const scanned = slide && (await scanSlide(slide.slideId));
      if (round !== this.round) return;
      this.slide = slide;
      this.noteScan(scanned?.fingerprint ?? "");
      await this.show(slide, scanned, round);
      this.phase = "shown";
      this.problem = undefined;
      this.retryMs = RETRY_MS;
    } catch (error) {
      if (round === this.round) this.failed(error);
    }
    this.changed();
  }

  private isInView(slide: SlideInView | undefined): boolean {
    return slide !== undefined && this.slide !== undefined && isSameSlide(slide.slideId, this.slide.slideId);
  }

  private noteScan(fingerprint: string): void {
    this.checkedMs = Date.now();
    this.againMs = fingerprint === this.fingerprint ? Math.min(MOST_AGAIN_MS, 2 * this.againMs) : AGAIN_MS;
    this.fingerprint = fingerprint;
  }

  /** Another slide is in view: no card of the old one stays, but for those at work. */
  private leave(slide: SlideInView | undefined): void {
    this.slide = slide;
    this.phase = "looking";
    this.cards = this.cards.filter(isBusy);
    this.leftAlone = [];
    this.changed();
  }

  private failed(error: unknown): void {
    this.phase = "failed";
    this.problem = problemOf(error);
    if (!(error instanceof api.ApiError) || isRefused(error)) return;
    const wait = Math.max(error.retryAfterS * 1000, this.retryMs);
    this.retryMs = Math.min(MOST_RETRY_MS, 2 * this.retryMs);
    this.retryTimer = setTimeout(() => void this.check(), wait);
  }

  private async show(
    slide: SlideInView | undefined,
    scanned: ScannedSlide | undefined,
    round: number,
  ): Promise<void> {
    if (!slide || !scanned) {
      this.cards = this.leftAlone = [];
      return;
    }
    const low = foundIn(scanned.deck, scanned.media);
    // Also what is still low: a result of Crispdeck is never upscaled once more.
    const kept = await known(scanned.media.map((each) => each.sha256));
    if (round !== this.round) return;
    const old = this.cardsOf(slide.slideId);
    const cards = low
      .filter(({ sha256: own }) => !kept.has(own) && !isNever(own) && !this.aside.has(own))
      .map((found) => reused(old, found) ?? fresh(found.sha256, slide.slideId, found));
    for (const [own, until] of kept) {
      const card =
        old.find((each) => each.newSha256s.includes(own)) ??
        applied(fresh(own, slide.slideId, undefined), own);
      card.until = until;
      card.name ??= nameOfPart(scanned.deck, partOf(scanned, own));
      if (!cards.includes(card)) cards.push(card);
    }
    this.cards = [...cards, ...old.filter((each) => isBusy(each) && !cards.includes(each))];
    const enhanced = [...kept.keys()].map((own) => partOf(scanned, own));
    this.leftAlone = [...neverAskedIn(low, isNever), ...leftAloneIn(scanned.deck, enhanced)];
    this.sort();
    for (const card of this.cards) this.prepare(card);
  }

  /** The cards of a slide, under the id that it has now: Ctrl+Z may have brought an old one back. */
  private cardsOf(slideId: string): Card[] {
    const cards = this.cards.filter((card) => isSameSlide(card.slideId, slideId));
    for (const card of cards) card.slideId = slideId;
    return cards;
  }

  /** What is selected comes first; then what is worst; what is done comes last. */
  private sort(): void {
    const selected = new Set(this.slide?.selectedShapeIds);
    const rank = (card: Card) => {
      if (isSelected(card, selected)) return -1;
      return card.found ? (card.found.picture.effective_ppi ?? 0) : Infinity;
    };
    this.cards.sort((a, b) => rank(a) - rank(b));
  }

  isSelected(card: Card): boolean {
    return isSelected(card, new Set(this.slide?.selectedShapeIds));
  }

  /** Have the upscaled picture made before anybody clicks. */
  private prepare(card: Card): void {
    if (card.state.kind !== "preparing" || card.found === undefined) return;
    const { sha256: own, scale, blob } = card.found;
    upscaled(own, scale, blob).then(
      (sharp) => {
        card.sharp = sharp;
        if (card.state.kind === "preparing") this.to(card, { kind: "ready" });
        this.changed();
      },
      (error: unknown) => {
        // Another key, or another wish: nobody waits for that picture any more.
        if (error instanceof Error && error.name === "AbortError") return;
        if (card.state.kind === "preparing") this.fail(card, error);
      },
    );
  }

  /** Cards that one click puts on the slide together. */
  get waiting(): Card[] {
    return this.cards.filter((card) => card.state.kind === "ready" || card.state.kind === "preparing");
  }

  /** Put a suggestion aside until the pane is opened again, or for ever. */
  dismiss(card: Card, forEver: boolean): void {
    if (card.found === undefined || isBusy(card)) return;
    if (forEver) setNever(card.found.sha256);
    else this.aside.add(card.found.sha256);
    this.cards = this.cards.filter((each) => each !== card);
    this.say(message(forEver ? "said.never" : "said.aside"));
    this.changed();
  }

  get asideCount(): number {
    return this.aside.size;
  }

  /** Show again what was put aside. */
  async recall(): Promise<void> {
    this.aside.clear();
    await this.check();
  }

  retry(card: Card): void {
    this.to(card, { kind: "preparing" });
    this.prepare(card);
  }

  /** The slide was replaced: no look from before counts, not even if Ctrl+Z brings back what it saw. */
  private lookAgain(): void {
    this.round += 1;
    this.seen = "";
    void this.glance();
  }

  private moved(card: Card, slideId: string): void {
    const there = this.cards.filter((each) => isSameSlide(each.slideId, slideId));
    for (const each of [card, ...there]) movedTo(each, slideId);
    if (this.slide && isSameSlide(this.slide.slideId, slideId)) this.slide = { ...this.slide, slideId };
  }

  private to(card: Card, state: State): void {
    card.state = state;
    this.changed();
  }

  private fail(card: Card, error: unknown): void {
    const problem = problemOf(error);
    this.to(card, { kind: "failed", problem });
    this.say(problem);
  }
}
