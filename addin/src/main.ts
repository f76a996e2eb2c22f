// Joins PowerPoint, the server and the page.

import { type Host, isDark, onSelectionChanged, ready } from "./host/document";
import { show } from "./host/slides";
import { limits, onRefused } from "./server/api";
import { isRefused, problemOf } from "./state/problems";
import { useHost } from "./state/replacement";
import { change, settings } from "./state/settings";
import { SharpCopy } from "./state/sharp-copy";
import { Suggestions } from "./state/suggestions";
import { forgetAll } from "./state/upscales";
import { Watch } from "./state/watch";
import { WholeDeck } from "./state/whole-deck";
import { type Message, message } from "./strings/message";
import { isKey, t, useLanguage } from "./strings/strings";
import { drawCards } from "./views/cards";
import { drawCopy } from "./views/copy-view";
import { drawDeck } from "./views/deck-view";
import { byId } from "./views/dom";
import { say, showProblem } from "./views/live";
import { drawSettings } from "./views/settings-view";
import { select, wireTabs } from "./views/tabs";
import { drawWelcome } from "./views/welcome";

const suggestions = new Suggestions(draw, say);
const wholeDeck: WholeDeck = new WholeDeck(() => drawDeck(wholeDeck), say);
const sharpCopy: SharpCopy = new SharpCopy(() => drawCopy(sharpCopy), say);

function draw(): void {
  drawCards(suggestions, {
    showOnSlide: ({ slideId, found }) => {
      const shapeId = found?.placement.shape_id;
      void show(slideId, shapeId === undefined || shapeId === null ? undefined : String(shapeId));
    },
    redraw: draw,
  });
}

function showTheme(): void {
  const dark = isDark();
  if (dark === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = dark ? "dark" : "light";
}

async function speak(host: Host): Promise<void> {
  document.documentElement.lang = await useLanguage(host.language);
  byId("tabs").setAttribute("aria-label", t("tabs.label"));
  for (const name of ["slide", "deck", "settings"] as const) byId(`tab-${name}`).textContent = t(`tabs.${name}`);
}

function openPane(host: Host): void {
  byId("welcome").hidden = true;
  byId("tabs").hidden = false;
  const again = () => {
    if (!host.canSwap) {
      sharpCopy.reset();
      return;
    }
    suggestions.reset();
    wholeDeck.reset();
    void suggestions.glance();
  };
  drawSettings(again, () => leave(host));
  byId("tab-slide").hidden = !host.canSwap;
  select(host.canSwap ? "slide" : "deck");
  if (host.isReadOnly) showProblem(message("app.read_only"));
  again();
  if (host.canSwap) void suggestions.recover();
}

function leave(host: Host, why?: Message): void {
  change({ key: "" });
  forgetAll();
  suggestions.reset();
  wholeDeck.reset();
  byId("tabs").hidden = true;
  for (const id of ["slide", "deck", "settings"]) byId(id).hidden = true;
  byId("welcome").hidden = false;
  drawWelcome(host.platform, () => openPane(host), why);
}

/** Open with the key that is kept; the server says soon if it does not take it any more. */
async function openOrAsk(host: Host): Promise<void> {
  onRefused(() => settings().key && leave(host, message("welcome.again")));
  if (!settings().key) {
    leave(host);
    return;
  }
  openPane(host);
  try {
    await limits();
  } catch (error) {
    if (!isRefused(error)) showProblem(problemOf(error));
  }
}

async function start(): Promise<void> {
  const host = await ready();
  showTheme();
  for (const event of ["focus", "visibilitychange"]) addEventListener(event, showTheme);
  await speak(host);
  useHost(host);
  sharpCopy.canDownload = host.canDownload;
  wireTabs();
  byId("starting").remove();
  await openOrAsk(host);
  if (!host.canSwap) return;
  const watch = new Watch((isEvent) => suggestions.glance(isEvent), host.platform);
  onSelectionChanged(() => watch.onEvent());
  watch.start();
}

start().catch(async (error: unknown) => {
  if (!isKey("app.starting")) await useLanguage("en"); // it failed before the language was known
  byId("starting").hidden = true;
  showProblem(problemOf(error));
});
