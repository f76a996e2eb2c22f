// "Whole deck" where PowerPoint cannot replace slides: why, the list, and one button for a copy.

import type { Picture } from "../server/api";
import type { SharpCopy } from "../state/sharp-copy";
import { plural } from "../strings/words";
import { addressOf, button, byId, fill, h, redrawn } from "./dom";
import { pickRow, progress, selectAll } from "./list";

/** Draw the sharp copy; called after every change. */
export function drawCopy(copy: SharpCopy): void {
  const section = byId("deck");
  redrawn(section, () => {
    fill(
      section,
      h("h2", { tabindex: -1, id: "deck-title" }, "A sharp copy"),
      h(
        "p",
        { class: "soft" },
        "This PowerPoint cannot replace single slides (that needs PowerPoint for Microsoft 365, 2504 or newer). So the pane makes a sharp copy of the whole file; this one stays as it is.",
      ),
      copy.problem !== "" && h("p", { class: "bad" }, copy.problem),
      ...content(copy),
    );
  });
}

const DOING: Partial<Record<SharpCopy["phase"], string>> = {
  reading: "Reading the file (percent)",
  scanning: "Looking at every picture",
  enhancing: "Making pictures sharp",
  opening: "Opening the copy",
};

function content(copy: SharpCopy): (Node | false)[] {
  const doing = DOING[copy.phase];
  if (doing !== undefined) {
    return [
      progress(doing, copy.done, copy.phase === "scanning" || copy.phase === "opening" ? 0 : copy.total),
      button("Cancel", () => copy.cancel(), "secondary", { id: "copy-cancel" }),
      copy.phase === "enhancing" && list(copy),
    ];
  }
  if (copy.phase === "idle") {
    return [button("Scan this file", () => void copy.scan(), "primary", { id: "copy-scan" })];
  }
  const again = button("Scan again", () => void copy.scan(), "subtle", { id: "copy-again" });
  if (copy.phase === "done") return [finished(copy), again];
  const count = copy.chosen.size;
  return [
    h("p", { class: "summary" }, `${plural(copy.low.length, "blurred picture")} in this file.`),
    h(
      "div",
      { class: "row actions" },
      copy.low.length > 0 &&
        button(
          count ? `Make a copy with ${plural(count, "sharp picture")}` : "Nothing chosen",
          () => void copy.make(),
          "primary",
          { id: "copy-make", disabled: count === 0 },
        ),
      again,
    ),
    list(copy),
  ];
}

function finished(copy: SharpCopy): Node {
  const opened = copy.problem === "";
  return h(
    "div",
    {},
    opened && h("p", { class: "good" }, "The sharp copy is open in a window of its own. Save it there."),
    h(
      "div",
      { class: "row actions" },
      button(opened ? "Open it again" : "Try again", () => void copy.open(), "secondary", { id: "copy-open" }),
      copy.file &&
        h("a", { class: "secondary", href: addressOf(copy.file), download: copy.copyName }, "Save the copy"),
    ),
  );
}

function list(copy: SharpCopy): Node | false {
  if (copy.low.length === 0) return false;
  return h(
    "div",
    {},
    selectAll("copy-all", copy.low.length, copy.chosen.size, copy.isBusy, (on) => {
      copy.chosen = new Set(on ? copy.low.map((picture) => picture.part) : []);
      drawCopy(copy);
    }),
    h("ul", { class: "list", "aria-label": "Blurred pictures" }, ...copy.low.map((each) => row(copy, each))),
  );
}

function row(copy: SharpCopy, picture: Picture): Node {
  const look = copy.looks.get(picture.part);
  return pickRow({
    id: `copy-${picture.number}`,
    address: look && addressOf(look),
    title: `${picture.slides.length ? `Slide ${picture.slides.join(", ")}` : "Layout"}: ${picture.alt_text || picture.name || "Picture"}`,
    facts: `${Math.round(picture.effective_ppi ?? 0)} ppi, ${picture.sentence}`,
    note: "",
    state: "",
    kind: "found",
    checked: copy.chosen.has(picture.part),
    disabled: copy.isBusy,
    onPick: (on) => {
      if (on) copy.chosen.add(picture.part);
      else copy.chosen.delete(picture.part);
      drawCopy(copy);
    },
  });
}
