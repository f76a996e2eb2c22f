// One suggestion: a picture on a slide, what was made of it, and how far it has come.

import type { Sharp } from "../server/api";
import { NO_LOSSES } from "../opc/losses";
import type { Known } from "./losses";
import type { Found } from "./pictures";

export type State =
  | { kind: "preparing" }
  | { kind: "ready" }
  | { kind: "applying" }
  | { kind: "applied"; notes: string[] }
  | { kind: "undoing" }
  | { kind: "failed"; message: string };

export interface Card {
  /** Stays the same while the card lives. */
  readonly key: string;
  slideId: string;
  /** Undefined for a picture that was made sharp before this pane was opened. */
  found: Found | undefined;
  sharp: Sharp | undefined;
  state: State;
  /** Hashes of what stands on the slide after the swap. */
  newSha256s: string[];
  until: Date | undefined;
  losses: Known;
  /** What the user has read that would be lost, before clicking again. */
  accepted: string;
}

export function fresh(key: string, slideId: string, found: Found | undefined): Card {
  return {
    key,
    slideId,
    found,
    sharp: undefined,
    state: { kind: "preparing" },
    newSha256s: [],
    until: undefined,
    losses: NO_LOSSES,
    accepted: "",
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

/** Its slide has another in its place: what that could lose is lost. */
export function movedTo(card: Card, slideId: string): void {
  card.slideId = slideId;
  card.losses = NO_LOSSES;
  card.accepted = "";
}
