// Joins PowerPoint, the server and the page.

import { type Host, isDark, onSelectionChanged, ready } from "./host/document";
import { show } from "./host/slides";
import { limits, onRefused } from "./server/api";
import { isRefused, problemOf } from "./state/problems";
import { connectAsDeployed, disconnect } from "./state/connection";
import { useHost } from "./state/replacement";
import { change, settings } from "./state/settings";
import { Suggestions } from "./state/suggestions";
import { forgetAll } from "./state/upscales";
import { Watch } from "./state/watch";
import { type Message, message } from "./strings/message";
import { isKey, t, useLanguage } from "./strings/strings";
import { drawCards } from "./views/cards";
import { byId } from "./views/dom";
import { say, showProblem } from "./views/live";
import { select, wireTabs } from "./views/tabs";

const suggestions = new Suggestions(draw, say);
// What is seen once, or by few, is loaded when it is needed: the first card comes sooner.

/** What stands in the tab "Whole deck", once that was opened. */
let deckRoom: Promise<{ reset(): void }> | undefined;

function openDeckRoom(host: Host): void {
  deckRoom ??= (host.canSwap ? import("./whole-deck-room") : import("./sharp-copy-room")).then((room) => room.open(host));
  deckRoom.catch(() => {
    deckRoom = undefined; // the next click tries again
    cannotLoad();
  });
}

function cannotLoad(): void {
  showProblem(message("server.offline"));
}

function resetDeckRoom(): void {
  void deckRoom?.then((room) => room.reset());
}

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
  lookAgain(host);
  byId("tab-slide").hidden = !host.canSwap;
  select(host.canSwap ? "slide" : "deck");
  if (!host.canSwap) openDeckRoom(host);
  if (host.isReadOnly) showProblem(message("app.read_only"));
  if (host.canSwap) void suggestions.recover();
}

/** Settings or the key are others now. */
function lookAgain(host: Host): void {
  resetDeckRoom();
  if (!host.canSwap) return;
  suggestions.reset();
  void suggestions.glance();
}

function openSettings(host: Host): void {
  const apart = () => {
    disconnect();
    leave(host);
  };
  import("./views/settings-view").then((view) => view.drawSettings(() => lookAgain(host), apart), cannotLoad);
}

function leave(host: Host, why?: Message): void {
  change({ key: "" });
  forgetAll();
  suggestions.reset();
  resetDeckRoom();
  byId("tabs").hidden = true;
  for (const id of ["slide", "deck", "settings"]) byId(id).hidden = true;
  byId("welcome").hidden = false;
  import("./views/welcome").then((view) => view.drawWelcome(host.platform, () => openPane(host), why), cannotLoad);
}

let isConnecting = false; // a key that is refused as soon as it was given is not asked for again

/** Connect without a question where the manifest says so; else ask. */
async function connectOrAsk(host: Host, why?: Message): Promise<void> {
  leave(host, why);
  if (isConnecting) return;
  isConnecting = true;
  const isConnected = await connectAsDeployed(host.platform, false).catch(() => false);
  isConnecting = false;
  if (isConnected && byId("tabs").hidden) openPane(host);
}

/** Open with the key that is kept; the server says soon if it does not take it any more. */
async function openOrAsk(host: Host): Promise<void> {
  onRefused(() => settings().key && void connectOrAsk(host, message("welcome.again")));
  if (!settings().key) return connectOrAsk(host);
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
  wireTabs((name) => {
    if (name === "deck") openDeckRoom(host);
    if (name === "settings") openSettings(host);
  });
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
