"""Measure the pane and write the figures into addin/README.md.

    .venv/bin/python -m tests.e2e.addin.measure

Times are medians on the embedded stack, in Chromium, with the host of the tests in PowerPoint's
place: what PowerPoint itself needs is not in them. Every run inserts a picture that the server has
not seen, so that nothing comes from a cache.
"""

import gzip
import os
import statistics
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Frame, expect

from tests.decks.pictures import png
from tests.e2e.addin.decks import talk
from tests.e2e.addin.powerpoint import ADDIN, PowerPoint, serve_host
from tests.e2e.addin.served import PANE_FLAG, Served, serving
from tests.e2e.chromium import chromium

RUNS = 7
SHARP_SLIDE = 2
BOX_IN = (1.0, 1.0, 4.2, 2.8)
README = ADDIN / "README.md"
PATIENCE_MS = 60_000

# Gives the time of day in ms at which a card of this name was first in this state ("": in any).
_WATCH = """([name, state]) => new Promise((done) => {
  const cards = document.querySelector('#cards');
  const isSo = (card) =>
    card.textContent.includes(name) && (state === '' || card.dataset.state === state);
  const see = () => {
    if (![...cards.children].some(isSo)) return;
    watch.disconnect();
    done(Date.now());
  };
  const watch = new MutationObserver(see);
  watch.observe(cards, { subtree: true, childList: true, attributes: true });
  see();
})"""
_START = f"([name, state]) => {{ (window.seen ??= {{}})[state] = ({_WATCH})([name, state]); }}"
_SEEN = "(state) => window.seen[state]"
_NOW = "Date.now()"
_CLICK = """([name, action]) => {
  const cards = [...document.querySelectorAll('#cards > li')];
  const card = cards.find((one) => one.textContent.includes(name));
  card.querySelector(`[data-action=${action}]`).click();
  return Date.now();
}"""
NEW = "A chart"


def main() -> int:
    """Measure, print, write."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as served,
        chromium(PANE_FLAG) as browser,
    ):
        # The first run also loads the network: what people see once a day, not what they see.
        size = _size_words(browser, served)
        runs = [_run(browser, served, seed) for seed in range(100, 101 + RUNS)][1:]
    medians = (statistics.median(run[at] for run in runs) / 1000 for at in range(5))
    card_s, ready_s, slide_s, undo_s, first_s = medians
    rows = [
        ("loaded until the first card, without Office.js", size),
        ("from opening the pane to the first card", f"{first_s:.1f} s"),
        ("from inserting a 150×100 px picture to its card", f"{card_s:.1f} s"),
        ("from inserting it to the sharp preview on the card", f"{ready_s:.1f} s"),
        ("from the click to the slide", f"{slide_s:.1f} s"),
        ("from Undo to the slide", f"{undo_s:.1f} s"),
    ]
    table = "\n".join(["| what | figure |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
    cores, load = os.cpu_count(), os.getloadavg()[0]
    words = (
        f"{table}\n\nMedians of {RUNS} on the embedded stack, in Chromium against the host of the\n"
        f"tests, on {cores} cores (load {load:.1f}). On purpose the pane waits 0.4 s before it\n"
        "looks at a slide. Measured and written by `.venv/bin/python -m tests.e2e.addin.measure`.\n"
    )
    sys.stdout.write(words)
    before, _, rest = README.read_text().partition("## Measured\n")
    after = rest[rest.index("\n## ") :]
    README.write_text(f"{before}## Measured\n\n{words}{after}")
    return 0


def _run(browser: Browser, served: Served, seed: int) -> tuple[float, ...]:
    """Give ms: insert to card, to preview; click to slide; Undo to slide; open to first card."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    serve_host(context, served.url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    powerpoint = PowerPoint(page, served.pane_url)
    powerpoint.open(talk())
    powerpoint.pane.get_by_label("Code").fill(served.key)
    powerpoint.pane.get_by_role("button", name="Connect").click()
    powerpoint.do("select", SHARP_SLIDE)
    expect(powerpoint.pane.get_by_text("Every picture on this slide is sharp")).to_be_visible(
        timeout=PATIENCE_MS
    )
    frame = _pane(powerpoint)
    frame.evaluate(_START, [NEW, ""])
    frame.evaluate(_START, [NEW, "ready"])
    start = frame.evaluate(_NOW)
    powerpoint.insert_picture(SHARP_SLIDE, png(150, 100, seed=seed), BOX_IN)
    card, ready = frame.evaluate(_SEEN, ""), frame.evaluate(_SEEN, "ready")
    slide = _timed(frame, "enhance", "applied")
    undo = _timed(frame, "undo", "ready")
    powerpoint.reload_pane()
    expect(powerpoint.pane.locator("#cards > li")).to_have_count(1, timeout=PATIENCE_MS)
    first = _opened_to_card(powerpoint)
    context.close()
    return card - start, ready - start, slide, undo, first


def _opened_to_card(powerpoint: PowerPoint) -> float:
    """Open the pane once more, with what a browser keeps, and watch from its first moment."""
    watch = (
        f"window.first = null; addEventListener('DOMContentLoaded', () => {{ ({_WATCH})(['', ''])"
    )
    powerpoint.page.add_init_script(f"{watch}.then((at) => {{ window.first = at; }}); }});")
    powerpoint.reload_pane()
    expect(powerpoint.pane.locator("#cards > li")).to_have_count(1, timeout=PATIENCE_MS)
    took: float = _pane(powerpoint).evaluate("window.first - performance.timeOrigin")
    return took


def _pane(powerpoint: PowerPoint) -> Frame:
    return next(one for one in powerpoint.page.frames if one.name == "pane")


def _timed(frame: Frame, action: str, end: str) -> float:
    start: float = frame.evaluate(_CLICK, [NEW, action])
    seen: float = frame.evaluate(_WATCH, [NEW, end])
    return seen - start


def loaded_bytes(frame: Frame) -> tuple[int, int]:
    """Sum up what a pane has loaded but Office.js: gzip'ed, and as it is on the disk."""
    loaded = frame.evaluate(
        "[location.href, ...performance.getEntriesByType('resource').map((one) => one.name)]"
    )
    names = {urlsplit(address).path.removeprefix("/addin/") for address in loaded}
    blobs = [
        (ADDIN / "dist" / name).read_bytes()
        for name in names
        if name.endswith((".html", ".js", ".css")) and (ADDIN / "dist" / name).is_file()
    ]
    return sum(len(gzip.compress(blob)) for blob in blobs), sum(map(len, blobs))


def _size_words(browser: Browser, served: Served) -> str:
    context = browser.new_context()
    serve_host(context, served.url)
    powerpoint = PowerPoint(context.new_page(), served.pane_url)
    powerpoint.open(talk(), query=f"?connect={served.connect_key}")
    card = powerpoint.pane.locator("#cards > li").first
    expect(card).to_have_attribute("data-state", "ready", timeout=PATIENCE_MS)
    powerpoint.reload_pane()
    expect(card).to_have_attribute("data-state", "ready", timeout=PATIENCE_MS)
    packed, plain = loaded_bytes(_pane(powerpoint))
    context.close()
    return f"{packed / 1000:.1f} KB compressed ({plain / 1000:.0f} KB)"


if __name__ == "__main__":
    sys.exit(main())
