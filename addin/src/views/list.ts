// Rows with a box to tick, and a bar of progress: for the whole deck and for the sharp copy.

import { t } from "../strings/strings";
import { h } from "./dom";

export interface Row {
  id: string;
  address: string | undefined;
  title: string;
  facts: string;
  note: string;
  state: string;
  kind: string;
  checked: boolean;
  disabled: boolean;
  onPick: (on: boolean) => void;
}

export function pickRow(row: Row): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    id: row.id,
    checked: row.checked,
    disabled: row.disabled,
    change: () => row.onPick(box.checked),
  });
  const look = row.address
    ? h("img", { src: row.address, alt: "", loading: "lazy", decoding: "async" })
    : h("span", { class: "no-look" });
  look.addEventListener("error", () => look.replaceWith(h("span", { class: "no-look" })));
  return h(
    "li",
    { class: `item ${row.kind}` },
    box,
    look,
    h(
      "label",
      { for: row.id },
      h("span", { class: "title" }, row.title),
      h("span", { class: "soft" }, row.facts),
      row.state !== "" && h("span", { class: "state" }, row.state),
      row.note !== "" && h("span", { class: "soft note" }, row.note),
    ),
  );
}

/** A box for all rows that can be chosen; half ticked when some are. */
export function selectAll(
  id: string,
  count: number,
  chosen: number,
  disabled: boolean,
  onChange: (on: boolean) => void,
): HTMLElement | false {
  if (count === 0) return false;
  const box = h("input", {
    type: "checkbox",
    id,
    checked: chosen === count,
    disabled,
    change: () => onChange(box.checked),
  });
  box.indeterminate = chosen > 0 && chosen < count;
  return h("div", { class: "all" }, box, h("label", { for: id }, t("count.all", { count })));
}

export function progress(words: string, done: number, total: number): HTMLElement {
  const text = total > 0 ? t("progress.of", { what: words, done, total }) : t("progress.open", { what: words });
  const bar = h("progress", { "aria-label": words, max: Math.max(1, total) });
  if (total > 0) bar.value = done;
  return h("div", { class: "progress" }, h("p", {}, text), bar);
}
