// The slide that the user works on: notice its pictures, have them made ready, apply, take back.

import * as api from "../server/api";
import { inspectExport } from "../opc/in-worker";
import type { Inspected } from "../opc/package";
import { applied, type Card, fresh, isBusy, isSelected, movedTo, reused, type State } from "./card";
import { enhanceSlide, presentId, revertSlide, sameSlide } from "./enhance";
import { loses, lossesOn, warning } from "./losses";
import { foundIn, isOnlyEnlarged } from "./pictures";
import { exportSlide, look, type SlideLook } from "../host/deck";
import { documentName } from "../host/document";
import { isNever, setNever, settings } from "./settings";
import { sharpened } from "./upscales";

export type Phase = "idle" | "looking" | "shown" | "failed";

interface Scanned extends Inspected {
  deck: api.Deck | undefined;
}

const SETTLE_MS = 400;
const POLL_MS = 1500;
const FRESH_MS = 60_000;
const AT_CLICK_MS = 10_000;
const SCANS_KEPT = 50;

function markOf(slide: SlideLook | undefined): string {
  return slide ? `${slide.slideId} ${slide.signature}` : "";
}

export class Suggestions {
  phase: Phase = "idle";
  problem = "";
  slide: SlideLook | undefined;
  cards: Card[] = [];
  private readonly scans = new Map<string, Promise<Scanned>>();
  private readonly aside = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private seen = "";
  private round = 0;
  private looking = false;

  constructor(
    private readonly changed: () => void,
    private readonly say: (words: string) => void,
  ) {}

  /** Look again and again while somebody can see us. */
  watch(): void {
    setInterval(() => {
      if (document.visibilityState === "visible") void this.glance();
    }, POLL_MS);
    void this.glance();
  }

  /** See if another slide, or other pictures, want to be looked at. */
  async glance(): Promise<void> {
    if (this.looking || !settings().suggest || !settings().key) return;
    this.looking = true;
    try {
      this.notice(await look());
    } catch {
      // The host is busy: the next look comes soon.
    } finally {
      this.looking = false;
    }
  }

  private notice(slide: SlideLook | undefined): void {
    if (slide && this.slide && sameSlide(slide.slideId, this.slide.slideId)) this.select(slide);
    if (markOf(slide) === this.seen) return;
    this.seen = markOf(slide);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), SETTLE_MS);
  }

  /** Forget what was seen, so that the next glance looks at everything anew. */
  reset(): void {
    this.seen = "";
    this.scans.clear();
    this.cards = [];
    this.phase = "idle";
    this.changed();
  }

  private select(slide: SlideLook): void {
    if (this.slide?.selectedShapeIds.join() === slide.selectedShapeIds.join()) return;
    this.slide = slide;
    this.sort();
    this.changed();
  }

  /** Look at the present slide now. */
  async check(): Promise<void> {
    const round = ++this.round;
    if (this.phase !== "shown") this.phase = "looking";
    this.changed();
    try {
      const slide = await look();
      // Not always what the last glance saw: whoever goes back there must be noticed.
      this.seen = markOf(slide);
      const scanned = slide && (await this.scan(slide));
      if (round !== this.round) return;
      this.slide = slide;
      await this.show(slide, scanned, round);
      this.phase = "shown";
    } catch (error) {
      if (round !== this.round) return;
      this.phase = "failed";
      this.problem = error instanceof Error ? error.message : String(error);
      this.seen = "";
    }
    this.changed();
  }

  private async scan(slide: SlideLook): Promise<Scanned> {
    const inspected = await inspectExport(await exportSlide(slide.slideId));
    const name = `${inspected.fingerprint} ${settings().preset} ${settings().targetPpi}`;
    let found = this.scans.get(name);
    if (found === undefined) {
      found = this.ask(inspected, slide);
      this.scans.set(name, found);
      found.catch(() => this.scans.delete(name));
      if (this.scans.size > SCANS_KEPT) this.scans.delete([...this.scans.keys()][0] as string);
    }
    return found;
  }

  private async ask(inspected: Inspected & { file: Blob }, slide: SlideLook): Promise<Scanned> {
    const { fingerprint, media } = inspected;
    if (media.length === 0) return { fingerprint, media, deck: undefined };
    const name = `Slide ${slide.number} of ${documentName()}`;
    return { fingerprint, media, deck: await api.scan(inspected.file, `${name}.pptx`) };
  }

  private async show(
    slide: SlideLook | undefined,
    scanned: Scanned | undefined,
    round: number,
  ): Promise<void> {
    if (!slide || !scanned) {
      this.cards = [];
      return;
    }
    const low = scanned.deck ? foundIn(scanned.deck, scanned.media) : [];
    const others = scanned.media.map((each) => each.sha256);
    const kept = await api.known(others);
    if (round !== this.round) return;
    const old = this.cardsOf(slide.slideId);
    const cards = low
      .filter((found) => !isNever(found.sha256) && !this.aside.has(found.sha256))
      .map((found) => reused(old, found) ?? fresh(found.sha256, slide.slideId, found));
    for (const [sha256, until] of kept) {
      if (low.some((found) => found.sha256 === sha256)) continue;
      const card =
        old.find((each) => each.newSha256s.includes(sha256)) ??
        applied(fresh(sha256, slide.slideId, undefined), sha256);
      card.until = until;
      if (!cards.includes(card)) cards.push(card);
    }
    const busy = old.filter((each) => isBusy(each) && !cards.includes(each));
    this.cards = [...cards, ...busy];
    this.sort();
    for (const card of this.cards) this.prepare(card);
  }

  /** The cards of a slide, under the id that it has now: Ctrl+Z may have brought an old one back. */
  private cardsOf(slideId: string): Card[] {
    const cards = this.cards.filter((card) => sameSlide(card.slideId, slideId));
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

  /** Have the sharp picture made, and look for what would be lost, before anybody clicks. */
  private prepare(card: Card): void {
    void lossesOn(card.slideId, Date.now() - FRESH_MS).then((losses) => {
      card.losses = losses;
      this.changed();
    });
    if (card.state.kind !== "preparing" || card.found === undefined) return;
    const { sha256, scale, blob } = card.found;
    sharpened(sha256, scale, blob).then(
      (sharp) => {
        card.sharp = sharp;
        if (card.state.kind === "preparing") this.to(card, { kind: "ready" });
        this.changed();
      },
      (error: unknown) => {
        if (card.state.kind === "preparing") this.fail(card, error);
      },
    );
  }

  /** Make the picture sharp on the slide. */
  async apply(card: Card): Promise<void> {
    const { found } = card;
    if (found === undefined || isBusy(card)) return;
    this.to(card, { kind: "applying" });
    try {
      const check = this.mayReplace(card);
      card.sharp ??= await sharpened(found.sha256, found.scale, found.blob);
      if (!(await check)) {
        this.to(card, { kind: "ready" });
        return;
      }
      const outcome = await enhanceSlide(card.slideId, [card.sharp.jobId]);
      this.moved(card, outcome.slideId);
      card.newSha256s = outcome.newSha256s;
      this.lookAgain();
      this.to(card, { kind: "applied", notes: outcome.notes });
      const isNow = isOnlyEnlarged(card.sharp.picture) ? "only enlarged" : "sharp";
      this.say([`The picture is ${isNow} now. Undo takes it back.`, ...outcome.notes].join(" "));
    } catch (error) {
      this.fail(card, error);
    }
  }

  /** Look once more for what would be lost; the first time that there is something, only say it. */
  private async mayReplace(card: Card): Promise<boolean> {
    const since = Date.now() - AT_CLICK_MS;
    card.losses = await lossesOn(await presentId(card.slideId), since);
    const words = warning(card.losses);
    if (!loses(card.losses) || card.accepted === words) return true;
    card.accepted = words;
    this.say(`${words} Click again to go on.`);
    return false;
  }

  /** Put the original back. */
  async undo(card: Card): Promise<void> {
    if (card.state.kind !== "applied") return;
    const before = card.state;
    this.to(card, { kind: "undoing" });
    try {
      if (!(await this.mayReplace(card))) {
        this.to(card, before);
        return;
      }
      const outcome = await revertSlide(card.slideId, card.newSha256s);
      this.moved(card, outcome.slideId);
      this.say("The original picture is back.");
      if (card.found) this.to(card, { kind: card.sharp ? "ready" : "preparing" });
      else this.cards = this.cards.filter((each) => each !== card);
      card.newSha256s = [];
      this.lookAgain();
      this.changed();
    } catch (error) {
      card.state = before;
      this.say(error instanceof Error ? error.message : String(error));
      this.problem = error instanceof Error ? error.message : String(error);
      this.changed();
    }
  }

  /** Put a suggestion aside until the pane is opened again, or for ever. */
  dismiss(card: Card, forEver: boolean): void {
    if (card.found === undefined) return;
    if (forEver) setNever(card.found.sha256);
    else this.aside.add(card.found.sha256);
    this.cards = this.cards.filter((each) => each !== card);
    this.say(forEver ? "You will not be asked about this picture again." : "Put aside.");
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
  }

  private moved(card: Card, slideId: string): void {
    const there = this.cards.filter((each) => sameSlide(each.slideId, slideId));
    for (const each of [card, ...there]) movedTo(each, slideId);
    if (this.slide && sameSlide(this.slide.slideId, slideId)) this.slide = { ...this.slide, slideId };
  }

  private to(card: Card, state: State): void {
    card.state = state;
    this.changed();
  }

  private fail(card: Card, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.to(card, { kind: "failed", message });
    this.say(message);
  }
}
