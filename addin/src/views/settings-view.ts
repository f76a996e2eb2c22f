// "Settings": how sharp, what counts as blurred, when to look, and where we are connected.

import { privacyAddress } from "../server/api";
import { PRESET_NAMES, change, CRISPNESS, forgetNever, neverCount, type Preset, settings, TARGETS } from "../state/settings";
import { type Key, message } from "../strings/message";
import { t } from "../strings/strings";
import { button, byId, fill, h, joinedAround } from "./dom";
import { say } from "./live";

const EDGES: readonly Key[] = ["settings.edges_server", "settings.edges_soft", "settings.edges_natural", "settings.edges_crisp"];

/** Draw the settings; `changed` when one was changed that asks for a new look at the slides. */
export function drawSettings(changed: () => void, disconnect: () => void): void {
  const set = (changes: Parameters<typeof change>[0]) => {
    change(changes);
    say(message("settings.saved"));
    changed();
  };
  const { targetPpi, preset, crispness, suggest } = settings();
  fill(
    byId("settings"),
    h("h2", {}, t("settings.title")),
    choice("target", "settings.target", TARGETS.map((ppi) => [String(ppi), `settings.target_${ppi}`]), String(targetPpi), (value) =>
      set({ targetPpi: Number(value) }),
    ),
    choice("preset", "settings.preset", PRESET_NAMES.map((each) => [each, `settings.preset_${each}`]), preset, (value) =>
      set({ preset: value as Preset }),
    ),
    choice("crispness", "settings.edges", EDGES.map((key, at) => [String(at), key]), String(CRISPNESS.indexOf(crispness as never)), (value) =>
      set({ crispness: CRISPNESS[Number(value)] ?? null }),
    ),
    toggle("suggest", t("settings.suggest"), suggest, (on) => set({ suggest: on })),
    never(changed, disconnect),
    h("h3", {}, t("settings.server")),
    h("p", {}, ...joinedAround("settings.connected", "server", h("strong", {}, location.host))),
    h("p", { class: "soft" }, t("settings.key")),
    h("p", {}, h("a", { href: privacyAddress(), target: "_blank", rel: "noreferrer" }, t("settings.privacy"))),
    button(t("settings.disconnect"), disconnect),
  );
}

function never(changed: () => void, disconnect: () => void): Node | false {
  const count = neverCount();
  if (count === 0) return false;
  const ask = () => {
    forgetNever();
    changed();
    drawSettings(changed, disconnect);
    say(message("settings.asking_again"));
  };
  return h("div", { class: "field" }, h("p", {}, t("settings.never", { count })), button(t("settings.ask_again"), ask));
}

function choice(
  id: string,
  label: Key,
  options: (readonly [value: string, words: Key])[],
  current: string,
  onChange: (value: string) => void,
): Node {
  const select = h(
    "select",
    { id, change: () => onChange(select.value) },
    ...options.map(([value, words]) => h("option", { value, selected: value === current }, t(words))),
  );
  return h("div", { class: "field" }, h("label", { for: id }, t(label)), select);
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
