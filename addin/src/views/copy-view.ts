// "Whole deck" where PowerPoint cannot replace slides: why, the list, and one button for a copy.

import type { Picture } from "../server/api";
import { asSharpAs } from "../state/pictures";
import type { SharpCopy } from "../state/sharp-copy";
import { type Key, message } from "../strings/message";
import { t, words } from "../strings/strings";
import { addressOf, button, byId, fill, h, redrawn } from "./dom";
import { pickRow, progress, selectAll } from "./list";

/** Draw the sharp copy; called after every change. */
export function drawCopy(copy: SharpCopy): void {
  const section = byId("deck");
  redrawn(section, () => {
    fill(
      section,
      h("h2", { tabindex: -1, id: "deck-title" }, t("copy.title")),
      h(
        "p",
        { class: "soft" },
        t("copy.why"),
      ),
      copy.problem !== undefined && h("p", { class: "bad" }, words(copy.problem)),
      ...content(copy),
    );
  });
}

const DOING: Partial<Record<SharpCopy["phase"], Key>> = {
  reading: "copy.reading",
  scanning: "copy.scanning",
  enhancing: "copy.enhancing",
  opening: "copy.opening",
};

function content(copy: SharpCopy): (Node | false)[] {
  const doing = DOING[copy.phase];
  if (doing !== undefined) {
    return [
      progress(t(doing), copy.done, copy.phase === "scanning" || copy.phase === "opening" ? 0 : copy.total),
      button(t("deck.cancel"), () => copy.cancel(), "secondary", { id: "copy-cancel" }),
      copy.phase === "enhancing" && list(copy),
    ];
  }
  if (copy.phase === "idle") {
    return [button(t("copy.scan"), () => void copy.scan(), "primary", { id: "copy-scan" })];
  }
  const again = button(t("deck.again"), () => void copy.scan(), "subtle", { id: "copy-again" });
  if (copy.phase === "done") return [finished(copy), again];
  const count = copy.chosen.size;
  return [
    h("p", { class: "summary" }, t("copy.summary", { count: copy.low.length })),
    h(
      "div",
      { class: "row actions" },
      copy.low.length > 0 &&
        button(
          count ? t("copy.make", { count }) : t("deck.nothing"),
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
  const opened = copy.problem === undefined;
  return h(
    "div",
    {},
    opened && h("p", { class: "good" }, t("copy.open")),
    h(
      "div",
      { class: "row actions" },
      button(opened ? t("copy.open_again") : t("slide.retry"), () => void copy.open(), "secondary", { id: "copy-open" }),
      copy.file &&
        copy.canDownload &&
        h("a", { class: "secondary", href: addressOf(copy.file), download: copy.copyName }, t("copy.save")),
      copy.link !== undefined && browserLink(copy, copy.link.url),
    ),
    copy.link !== undefined && h("p", { class: "soft" }, t("copy.by_browser")),
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
    h("ul", { class: "list", "aria-label": t("slide.cards") }, ...copy.low.map((each) => row(copy, each))),
  );
}

function row(copy: SharpCopy, picture: Picture): Node {
  const look = copy.looks.get(picture.part);
  return pickRow({
    id: `copy-${picture.number}`,
    address: look && addressOf(look),
    title: title(picture),
    facts: facts(picture),
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

function title({ slides, alt_text: alt, name: own }: Picture): string {
  const name = alt || own || message("picture.unnamed");
  return slides.length ? t("copy.slides", { numbers: slides.join(", "), name }) : t("copy.layout", { name });
}

function facts({ effective_ppi: ppi, sharpness_hd: share }: Picture): string {
  const than = message("screen.full_hd");
  const compared = share === null ? "" : `, ${t(asSharpAs(share), { than })}`;
  return `${t("picture.ppi", { ppi: Math.round(ppi ?? 0) })}${compared}`;
}

/** Office opens the browser where it can; elsewhere the link does. */
function browserLink(copy: SharpCopy, url: string): Node {
  const open = (event: Event) => {
    if (copy.saveInBrowser()) event.preventDefault();
  };
  return h("a", { id: "copy-save", class: "secondary", href: url, target: "_blank", rel: "noreferrer", click: open }, t("copy.save"));
}
