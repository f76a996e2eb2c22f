// Tabs as the ARIA Authoring Practices describe them: arrows move, the chosen one is in the order.

import { byId } from "./dom";

const NAMES = ["slide", "deck", "settings"] as const;
type Name = (typeof NAMES)[number];

export function select(name: Name): void {
  for (const each of NAMES) {
    const tab = byId(`tab-${each}`);
    const chosen = each === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(each).hidden = !chosen;
  }
}

/** Let people choose; `opened` hears of it. */
export function wireTabs(opened: (name: Name) => void): void {
  const choose = (name: Name) => {
    select(name);
    opened(name);
  };
  for (const name of NAMES) byId(`tab-${name}`).addEventListener("click", () => choose(name));
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -99, End: 99 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const shown = NAMES.filter((name) => !byId(`tab-${name}`).hidden);
    const at = shown.findIndex((name) => byId(`tab-${name}`).tabIndex === 0);
    const to = Math.abs(step) > 1 ? (step < 0 ? 0 : shown.length - 1) : (at + step + shown.length) % shown.length;
    const name = shown[to];
    if (name === undefined) return;
    choose(name);
    byId(`tab-${name}`).focus();
  });
}
