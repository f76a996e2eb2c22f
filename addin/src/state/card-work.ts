// What a click on a card does: put the upscaled picture on the slide, ask first where that costs
// something, take it back.

import { HostError } from "../host/errors";
import { sha256 } from "../opc/hash";
import { type Message, message } from "../strings/message";
import { type Card, isBusy, type Question, type State } from "./card";
import { agreedTo, lossesNow } from "./losses";
import { isOnlyEnlarged } from "./pictures";
import { problemOf } from "./problems";
import { type Consent, ConsentNeededError, enhanceSlide, type Outcome, revertSlide, type Step } from "./replacement";
import { upscaled } from "./upscales";

// A question that has just come in the place of the button that was clicked: a double-click is no answer.
export const DEAF_MS = 500;

/** What the list of cards does after a click. */
export interface Surroundings {
  changed(): void;
  say(words: Message): void;
  /** The card's slide has another id. */
  moved(card: Card, slideId: string): void;
  /** The slide is another now: it has to be looked at again. */
  replaced(): void;
  drop(card: Card): void;
  /** Have the upscaled picture made. */
  prepare(card: Card): void;
}

export class CardWork {
  /** Cards that were clicked together with one that asks. */
  private readonly together = new WeakMap<Card, Card[]>();

  constructor(private readonly around: Surroundings) {}

  /** Put the upscaled picture on the slide. */
  apply(card: Card): Promise<void> {
    return this.applyAll([card]);
  }

  /** Put all upscaled pictures on their slide, in one replacement. */
  async applyAll(cards: Card[]): Promise<void> {
    const all = cards.filter((card) => card.found !== undefined && !isBusy(card));
    const [first] = all;
    if (first === undefined) return;
    const step = (now: Step) => {
      for (const card of all) this.to(card, { kind: "applying", step: now });
    };
    step("server");
    try {
      for (const card of all) await this.upscale(card);
      const swaps = all.flatMap(({ found, sharp }) => (found && sharp ? [{ sha256: found.sha256, jobId: sharp.jobId }] : []));
      const result = await enhanceSlide(first.slideId, swaps, this.consent(first, step));
      for (const card of all) await this.stands(card, result);
      this.around.replaced();
      const isEnlarged = all.every((card) => isOnlyEnlarged(card.sharp?.picture));
      this.around.say(message(isEnlarged ? "said.enlarged" : "said.enhanced", { count: all.length }));
    } catch (error) {
      this.failedAll(all, error);
    }
  }

  private failedAll(all: Card[], error: unknown): void {
    const [first, ...others] = all;
    const question = questionOf(error);
    if (question === undefined || first === undefined) {
      for (const card of all) this.fail(card, error);
      return;
    }
    this.together.set(first, all);
    for (const card of others) this.to(card, { kind: card.sharp ? "ready" : "preparing" });
    this.ask(first, question, false);
  }

  private async upscale(card: Card): Promise<void> {
    if (card.found === undefined) return;
    const { sha256: own, scale, blob } = card.found;
    card.sharp ??= await upscaled(own, scale, blob);
  }

  private async stands(card: Card, { slideId, newSha256s, notes }: Outcome): Promise<void> {
    this.around.moved(card, slideId);
    const own = card.sharp && (await sha256(new Uint8Array(await card.sharp.blob.arrayBuffer())));
    card.newSha256s = own && newSha256s.includes(own) ? [own] : newSha256s;
    this.to(card, { kind: "applied", notes });
  }

  private consent(card: Card, step: (step: Step) => void): Consent {
    return { losses: lossesNow, agreed: card.agreed, acceptsAltered: card.acceptsAltered, step };
  }

  private ask(card: Card, question: Question, undo: boolean): void {
    this.to(card, { kind: "asking", question, undo, sinceMs: Date.now() });
    this.around.say(message("ask.said"));
  }

  /** The user has read the question, and agrees. */
  async confirm(card: Card): Promise<void> {
    const { state } = card;
    if (state.kind !== "asking" || Date.now() - state.sinceMs < DEAF_MS) return;
    if (state.question.kind === "altered") card.acceptsAltered = true;
    else card.agreed = agreedTo(state.question.losses);
    if (!state.undo) return this.applyAll(this.together.get(card) ?? [card]);
    this.to(card, { kind: "applied", notes: [] });
    return this.undo(card);
  }

  decline(card: Card): void {
    const { state } = card;
    if (state.kind !== "asking") return;
    const ready = { kind: card.sharp ? "ready" : "preparing" } as const;
    this.to(card, state.undo ? { kind: "applied", notes: [] } : ready);
    this.around.prepare(card);
  }

  /** Put the original back. */
  async undo(card: Card): Promise<void> {
    if (card.state.kind !== "applied" || card.newSha256s.length === 0) return;
    const before = card.state;
    const step = (now: Step) => this.to(card, { kind: "undoing", step: now });
    card.problem = undefined;
    step("server");
    try {
      const result = await revertSlide(card.slideId, card.newSha256s, this.consent(card, step));
      this.around.moved(card, result.slideId);
      this.around.say(message("said.undone"));
      if (card.found) this.to(card, { kind: card.sharp ? "ready" : "preparing" });
      else this.around.drop(card);
      card.newSha256s = [];
      this.around.replaced();
    } catch (error) {
      card.state = before;
      const question = questionOf(error);
      if (question) this.ask(card, question, true);
      else this.undoFailed(card, error);
    }
    this.around.changed();
  }

  private undoFailed(card: Card, error: unknown): void {
    card.problem = problemOf(error);
    this.around.say(card.problem);
  }

  private to(card: Card, state: State): void {
    card.state = state;
    this.around.changed();
  }

  private fail(card: Card, error: unknown): void {
    const problem = problemOf(error);
    this.to(card, { kind: "failed", problem });
    this.around.say(problem);
  }
}

/** What must be asked before it can be done; undefined where it failed for another reason. */
function questionOf(error: unknown): Question | undefined {
  if (error instanceof ConsentNeededError) return { kind: "losses", losses: error.losses };
  if (error instanceof HostError && error.code === "slide_altered") return { kind: "altered" };
  return undefined;
}
