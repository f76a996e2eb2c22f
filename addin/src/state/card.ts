// One suggestion: a picture on a slide, what was made of it, and how far it has come.

import type { Sharp } from "../server/api";
import type { Message } from "../strings/message";
import type { Agreed, Known } from "./losses";
import type { Found } from "./pictures";
import type { Step } from "./replacement";

/** What has to be asked before a slide is replaced. */
export type Question = { kind: "losses"; losses: Known } | { kind: "altered" };

export type State =
  | { kind: "preparing" }
  | { kind: "ready" }
  | { kind: "applying"; step: Step }
  /** `undo`: it is Undo that asks. */
  | { kind: "asking"; question: Question; undo: boolean; sinceMs: number }
  | { kind: "applied"; notes: Message[] }
  | { kind: "undoing"; step: Step }
  | { kind: "failed"; problem: Message };

export interface Card {
  /** Stays the same while the card lives. */
  readonly key: string;
  slideId: string;
  /** Undefined for a picture that was upscaled before this pane was opened. */
  found: Found | undefined;
  /** Its name, where the scan knows it. */
  name: Message | undefined;
  sharp: Sharp | undefined;
  state: State;
  /** Why the last Undo did not work; the picture is still upscaled. */
  problem: Message | undefined;
  /** Hashes of what stands on the slide after the swap. */
  newSha256s: string[];
  until: Date | undefined;
  /** What the user has agreed to lose. */
  agreed: Agreed;
  acceptsAltered: boolean;
}

export function fresh(key: string, slideId: string, found: Found | undefined): Card {
  return {
    key,
    slideId,
    found,
    name: undefined,
    sharp: undefined,
    state: { kind: "preparing" },
    problem: undefined,
    newSha256s: [],
    until: undefined,
    agreed: undefined,
    acceptsAltered: false,
  };
}

export function applied(card: Card, sha256: string): Card {
  card.state = { kind: "applied", notes: [] };
  card.newSha256s = [sha256];
  return card;
}

/** Go on with the card that stands for the same picture, at the size that it has now. */
export function reused(old: Card[], found: Found): Card | undefined {
  const card = old.find((each) => each.key === found.sha256);
  if (card === undefined) return undefined;
  if (card.found && card.found.scale !== found.scale) card.sharp = undefined;
  card.found = found;
  if (card.state.kind === "applied") card.state = { kind: card.sharp ? "ready" : "preparing" };
  if (card.sharp === undefined && card.state.kind === "ready") card.state = { kind: "preparing" };
  return card;
}

export function isBusy(card: Card): boolean {
  return card.state.kind === "applying" || card.state.kind === "undoing";
}

export function isSelected(card: Card, selected: Set<string>): boolean {
  return selected.has(String(card.found?.placement.shape_id ?? ""));
}

/** Its slide has another in its place: what was agreed to lose is lost. */
export function movedTo(card: Card, slideId: string): void {
  card.slideId = slideId;
  card.agreed = undefined;
  card.acceptsAltered = false;
}
