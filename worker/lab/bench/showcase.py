"""Draw the README's picture: parts of the sample deck's slides, as a screen shows them.

crispdeck bench showcase docs/images/before-after.png
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from crispdeck.deck.model import Placement
from crispdeck.deck.opc.archive import DeckArchive, open_deck
from crispdeck.deck.scan import scan
from crispdeck.sample import write_sample_deck
from crispdeck.settings import Settings
from worker.upscaling.pipeline import PixelLimits, sharpen
from worker.upscaling.upscaler import Upscaler

SCREEN_PPI = 200
"""A slide of 13.33 inches on a screen 2667 pixels wide."""
SCALE = 4  # what a deck gets where nothing is asked for
PANEL_PX = (600, 240)  # width and height: two fit a README beside each other
GAP_PX = 16  # between the panels
HEAD_PX = 44  # for the words above the columns
INK, PAPER = "#1f2937", "#ffffff"


@dataclass(frozen=True)
class Detail:
    """A window on one picture of the sample deck; left and top in shares of the picture."""

    slide: int
    left: float
    top: float


DETAILS = (Detail(2, 0.22, 0.12), Detail(3, 0.06, 0.02), Detail(5, 0.2, 0.12))


def draw(out: Path) -> None:
    """Write the picture as PNG."""
    deck = io.BytesIO()
    write_sample_deck(deck)
    with open_deck(deck.getvalue()) as archive:
        rows = [_pair(archive, detail) for detail in DETAILS]
    _sheet(rows).save(out, optimize=True)


def _pair(archive: DeckArchive, detail: Detail) -> tuple[Image.Image, Image.Image]:
    placement = next(
        p for p in scan(archive).placements if p.slide == detail.slide and p.effective_ppi
    )
    before = archive.read(placement.part or "")
    after = sharpen(before, SCALE, Upscaler(), PixelLimits.of(Settings())).blob
    return _window(before, placement, detail), _window(after, placement, detail)


def _window(blob: bytes, placement: Placement, detail: Detail) -> Image.Image:
    """Show the picture at its size on the slide, and cut the window out."""
    image = Image.open(io.BytesIO(blob)).convert("RGBA")
    ground = Image.new("RGBA", image.size, PAPER)
    width_px = round((placement.shown_width_in or 0) * SCREEN_PPI)
    height_px = round((placement.shown_height_in or 0) * SCREEN_PPI)
    shown = Image.alpha_composite(ground, image).resize(
        (width_px, height_px), Image.Resampling.BICUBIC
    )
    left, top = round(detail.left * width_px), round(detail.top * height_px)
    return shown.crop((left, top, left + PANEL_PX[0], top + PANEL_PX[1]))


def _sheet(rows: Sequence[tuple[Image.Image, Image.Image]]) -> Image.Image:
    width_px = 2 * PANEL_PX[0] + 3 * GAP_PX
    sheet = Image.new("RGB", (width_px, HEAD_PX + len(rows) * (PANEL_PX[1] + GAP_PX)), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(20)
    for column, word in enumerate(("before", "after")):
        left = GAP_PX + column * (PANEL_PX[0] + GAP_PX)
        draw.text((left, 12), word, fill=INK, font=font)
        for row, pair in enumerate(rows):
            sheet.paste(pair[column], (left, HEAD_PX + row * (PANEL_PX[1] + GAP_PX)))
    return sheet
