// Elements without markup: every text goes in as text.

import type { Key } from "../strings/message";
import { t } from "../strings/strings";

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

/** Make an element; functions become listeners, `false` and undefined leave an attribute out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  fill(element, ...children);
  return element;
}

/** Replace what is in an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(
    ...children.filter((each): each is Node | string => each !== null && each !== undefined && each !== false),
  );
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}

export function button(
  words: string,
  onClick: () => void,
  kind: "primary" | "secondary" | "subtle" = "secondary",
  more: Attributes = {},
): HTMLButtonElement {
  return h("button", { type: "button", class: kind, click: onClick, ...more }, words);
}

const addresses = new WeakMap<Blob, string>();

/** Give a blob an address, always the same one. */
export function addressOf(blob: Blob): string {
  const known = addresses.get(blob);
  if (known !== undefined) return known;
  const made = URL.createObjectURL(blob);
  addresses.set(blob, made);
  return made;
}

/** Word a sentence with an element where it names `value`: languages put it in other places. */
export function joinedAround(key: Key, value: string, element: Node): (Node | string)[] {
  const [before = "", after = ""] = t(key).split(`{${value}}`);
  return [before, element, after];
}

/**
 * Redraw a section whose elements are made anew. The focus goes to what has the same id; where that
 * is gone, to the first button that is there in its place, or to the section's title.
 */
export function redrawn(section: HTMLElement, redraw: () => void): void {
  const focused = document.activeElement;
  const had = focused !== null && section.contains(focused);
  redraw();
  if (!had) return;
  const same = focused.id ? section.querySelector<HTMLElement>(`#${CSS.escape(focused.id)}`) : null;
  const button = section.querySelector<HTMLElement>("button:not(:disabled)");
  const title = section.querySelector<HTMLElement>("[tabindex='-1']");
  (same ?? button ?? title)?.focus();
}
