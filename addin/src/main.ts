// Joins PowerPoint, the server and the page.

import { ApiError, limits } from "./server/api";
import { showShape } from "./host/deck";
import { type Host, isDark, onSelectionChanged, ready } from "./host/document";
import { change, settings } from "./state/settings";
import { SharpCopy } from "./state/sharp-copy";
import { Suggestions } from "./state/suggestions";
import { forgetAll } from "./state/upscales";
import { drawCards } from "./views/cards";
import { drawCopy } from "./views/copy-view";
import { drawDeck } from "./views/deck-view";
import { byId } from "./views/dom";
import { say, showProblem } from "./views/live";
import { drawSettings } from "./views/settings-view";
import { select, wireTabs } from "./views/tabs";
import { drawWelcome } from "./views/welcome";
import { WholeDeck } from "./state/whole-deck";

const suggestions = new Suggestions(draw, say);
const wholeDeck: WholeDeck = new WholeDeck(() => drawDeck(wholeDeck), say);
const sharpCopy: SharpCopy = new SharpCopy(() => drawCopy(sharpCopy), say);

function draw(): void {
  drawCards(suggestions, {
    showOnSlide: (card) => {
      const shapeId = card.found?.placement.shape_id;
      if (shapeId !== undefined && shapeId !== null) void showShape(card.slideId, String(shapeId));
    },
  });
}

function showTheme(): void {
  const dark = isDark();
  if (dark === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = dark ? "dark" : "light";
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
  again();
}

function leave(host: Host, why = ""): void {
  change({ key: "" });
  forgetAll();
  suggestions.reset();
  wholeDeck.reset();
  byId("tabs").hidden = true;
  for (const id of ["slide", "deck", "settings"]) byId(id).hidden = true;
  byId("welcome").hidden = false;
  drawWelcome(host.platform, () => openPane(host), why);
}

/** Open with the key that is kept, unless the server does not take it any more. */
async function openOrAsk(host: Host): Promise<void> {
  if (!settings().key) {
    leave(host);
    return;
  }
  openPane(host);
  try {
    await limits();
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401;
    if (refused) leave(host, "The key of this pane is no longer valid. Connect again.");
    else showProblem(error instanceof Error ? error.message : String(error));
  }
}

async function start(): Promise<void> {
  const host = await ready();
  showTheme();
  for (const event of ["focus", "visibilitychange"]) addEventListener(event, showTheme);
  wireTabs();
  byId("starting").remove();
  await openOrAsk(host);
  if (!host.canSwap) return;
  onSelectionChanged(() => void suggestions.glance());
  suggestions.watch();
}

start().catch((error: unknown) => {
  byId("starting").hidden = true;
  showProblem(error instanceof Error ? error.message : String(error));
});
