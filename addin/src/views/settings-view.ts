// "Settings": how sharp, what counts as blurred, when to look, and where we are connected.

import { change, CRISPNESS, forgetNever, neverCount, type Preset, settings, TARGETS } from "../state/settings";
import { plural } from "../strings/words";
import { disconnectButton } from "./welcome";
import { button, byId, fill, h } from "./dom";
import { say } from "./live";

const TARGET_WORDS: Record<(typeof TARGETS)[number], string> = {
  150: "Video calls (150 ppi)",
  220: "Projector, print (220 ppi)",
  330: "Large 4K screens (330 ppi)",
};
const CRISPNESS_WORDS = ["As the server is set", "Soft", "Natural", "Crisp"];
const PRESET_WORDS: Record<Preset, string> = {
  strict: "Very blurred (below 72 ppi)",
  normal: "Blurred (below 110 ppi)",
  wide: "Not quite crisp (below 150 ppi)",
};

/** Draw the settings; `changed` when one was changed that asks for a new look at the slides. */
export function drawSettings(changed: () => void, disconnect: () => void): void {
  const set = (changes: Parameters<typeof change>[0]) => {
    change(changes);
    say("Saved.");
    changed();
  };
  fill(
    byId("settings"),
    h("h2", {}, "Settings"),
    choice("target", "Make pictures sharp for", TARGETS.map(String), (value) =>
      TARGET_WORDS[Number(value) as (typeof TARGETS)[number]], String(settings().targetPpi),
      (value) => set({ targetPpi: Number(value) }),
    ),
    choice("preset", "What counts as blurred", Object.keys(PRESET_WORDS), (value) =>
      PRESET_WORDS[value as Preset], settings().preset, (value) => set({ preset: value as Preset }),
    ),
    choice("crispness", "Edges", [...CRISPNESS.keys()].map(String), (value) =>
      CRISPNESS_WORDS[Number(value)] ?? "", String(CRISPNESS.indexOf(settings().crispness as never)),
      (value) => set({ crispness: CRISPNESS[Number(value)] ?? null }),
    ),
    toggle("suggest", "Look at every slide by itself", settings().suggest, (suggest) => set({ suggest })),
    never(changed, disconnect),
    h("h3", {}, "Server"),
    h("p", {}, "Connected to ", h("strong", {}, location.host), "."),
    h(
      "p",
      { class: "soft" },
      "The key is kept on this computer only, never in a presentation. Another server has a manifest of its own.",
    ),
    disconnectButton(disconnect),
  );
}

function never(changed: () => void, disconnect: () => void): Node | false {
  const count = neverCount();
  if (count === 0) return false;
  return h(
    "div",
    { class: "field" },
    h("p", {}, `You are never asked about ${plural(count, "picture")}.`),
    button("Ask about them again", () => {
      forgetNever();
      changed();
      drawSettings(changed, disconnect);
      say("You will be asked about all pictures again.");
    }),
  );
}

function choice(
  id: string,
  label: string,
  values: string[],
  words: (value: string) => string,
  current: string,
  onChange: (value: string) => void,
): Node {
  const select = h(
    "select",
    { id, change: () => onChange(select.value) },
    ...values.map((value) => h("option", { value, selected: value === current }, words(value))),
  );
  return h("div", { class: "field" }, h("label", { for: id }, label), select);
}

function toggle(id: string, label: string, current: boolean, onChange: (on: boolean) => void): Node {
  const box = h("input", {
    id,
    type: "checkbox",
    role: "switch",
    checked: current,
    change: () => onChange(box.checked),
  });
  return h("div", { class: "field switch" }, box, h("label", { for: id }, label));
}
