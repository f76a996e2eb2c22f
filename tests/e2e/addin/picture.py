"""Draw the picture in addin/README.md: the pane beside the sample deck, on the real system.

.venv/bin/python -m tests.e2e.addin.picture
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from crispdeck.sample import write_sample_deck
from tests.e2e.addin.cards import SHARP, button, card, wait_until_ready
from tests.e2e.addin.decks import with_links
from tests.e2e.addin.powerpoint import ADDIN, DARK, PowerPoint, serve_host
from tests.e2e.addin.served import PANE_FLAG, Served, serving
from tests.e2e.chromium import chromium

OUT = ADDIN / "docs" / "pane.png"
HEIGHT_PX, GAP_PX = 640, 20
GROUND = (226, 226, 232)
WAIT_MS = 180_000
LOGO, HILLS = "Logo of Hexagon", "Hills and a lake"
LOGO_SLIDE, HILLS_SLIDE = 4, 5


def main() -> int:
    """Take four views and lay them side by side."""
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name)) as served,
        chromium(PANE_FLAG) as browser,
    ):
        blob = io.BytesIO()
        write_sample_deck(blob)
        deck = blob.getvalue()
        views = [
            _suggestion(browser, served, deck),
            _whole_deck(browser, served, with_links(deck)),
            _sharp(browser, served, deck, "dark"),
            _sharp(browser, served, deck, "forced"),
        ]
    width = sum(view.width for view in views) + GAP_PX * (len(views) + 1)
    picture = Image.new("RGB", (width, HEIGHT_PX + 2 * GAP_PX), GROUND)
    left = GAP_PX
    for view in views:
        picture.paste(view, (left, GAP_PX))
        left += view.width + GAP_PX
    picture.quantize(255, dither=Image.Dither.NONE).save(OUT, optimize=True)
    return 0


@contextmanager
def _opened(
    browser: Browser, served: Served, deck: bytes, scheme: str, width_px: int
) -> Iterator[PowerPoint]:
    context = browser.new_context(
        viewport={"width": 1280, "height": HEIGHT_PX + 200},
        screen={"width": 1920, "height": 1080},
        color_scheme="light" if scheme == "light" else "dark",
        forced_colors="active" if scheme == "forced" else "none",
    )
    serve_host(context, served.url)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    powerpoint = PowerPoint(page, served.pane_url)
    theme = None if scheme == "light" else DARK
    powerpoint.open(deck, width_px=width_px, theme=theme)
    powerpoint.pane.get_by_label("Code").fill(served.key)
    powerpoint.pane.get_by_role("button", name="Connect").click()
    yield powerpoint
    context.close()


def _shot(powerpoint: PowerPoint) -> Image.Image:
    powerpoint.page.mouse.move(5, 5)
    taken = powerpoint.page.locator("#pane").screenshot()
    with Image.open(io.BytesIO(taken)) as view:
        return view.convert("RGB").crop((0, 0, view.width, HEIGHT_PX))


def _suggestion(browser: Browser, served: Served, deck: bytes) -> Image.Image:
    with _opened(browser, served, deck, "light", 320) as powerpoint:
        powerpoint.do("select", LOGO_SLIDE)
        wait_until_ready(card(powerpoint, LOGO))
        return _shot(powerpoint)


def _whole_deck(browser: Browser, served: Served, deck: bytes) -> Image.Image:
    with _opened(browser, served, deck, "light", 320) as powerpoint:
        powerpoint.pane.get_by_role("tab", name="Whole deck").click()
        powerpoint.pane.get_by_role("button", name="Scan all slides").click()
        expect(powerpoint.pane.locator("#deck-enhance")).to_be_visible()
        return _shot(powerpoint)


def _sharp(browser: Browser, served: Served, deck: bytes, scheme: str) -> Image.Image:
    with _opened(browser, served, deck, scheme, 270) as powerpoint:
        powerpoint.do("select", HILLS_SLIDE)
        hills = card(powerpoint, HILLS)
        wait_until_ready(hills)
        if scheme == "forced":
            button(hills, "Enhance").click()
            expect(hills).to_contain_text(SHARP)
        return _shot(powerpoint)


if __name__ == "__main__":
    sys.exit(main())
