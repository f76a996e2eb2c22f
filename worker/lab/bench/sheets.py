"""Contact sheets: real blurred pictures, before and after and beside peers, pixel for pixel."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from crispdeck.errors import BadInputError
from worker.lab.bench.cases import without_alpha
from worker.lab.bench.deck_pictures import Blurred, Window, blurred_pictures, fullest_window
from worker.lab.bench.methods import BICUBIC, Method, Small
from worker.lab.metrics import Picture

SCALE = 4  # of all sheets: where differences show most
PAIR_PX = (480, 150)  # width and height, as the next
PEERS_PX = (200, 140)
"""Windows of the enlarged pictures: with two columns, and with one more per peer."""
CONTEXT_PX = 24  # small pixels around a window, beyond the receptive field of most peers; a guess
GAP_PX, HEAD_PX, LINE_PX = 10, 30, 20  # chosen by eye
INK, MUTED, PAPER = "#1f2937", "#6b7280", "#ffffff"

PICKS = (
    "ai-system-4e7afe7c.ppsx:image17.png",
    "ai-system-8c5b4676.ppsx:image25.png",
    "presentations-4d155832.pptx:image10.png",
    "presentations-4d155832.pptx:image5.png",
    "presentations-770de9a0.pptx:image30.png",
    "presentations-9ca1909a.pptx:image10.gif",
    "presentations-8532c5dc.pptx:image4.jpeg",
)
"""Code, charts, a file tree, diagrams, a photograph: PNG, palette, alpha, JPEG."""


@dataclass(frozen=True)
class Strip:
    """One picture as every method shows it, the same window of each."""

    caption: str
    panels: list[Picture] = field(repr=False)


def pick(folder: Path, names: Sequence[str] = PICKS) -> list[Blurred]:
    """Find blurred pictures of the decks in a folder by DECK:PICTURE, in the order asked for.

    Raises:
        BadInputError: one of them is not there or is not blurred.
    """
    decks = {name.partition(":")[0] for name in names}
    found = {
        f"{one.deck}:{Path(one.part).name}": one for one in blurred_pictures(folder, only=decks)
    }
    missing = [name for name in names if name not in found]
    if missing:
        raise BadInputError(f"No blurred picture in {folder} is called {', '.join(missing)}.")
    return [found[name] for name in names]


def draw(
    pictures: Sequence[Blurred], methods: Sequence[Method], window_px: tuple[int, int]
) -> Image.Image:
    """Draw a column per method and a row per picture, windows of `window_px` at 100 %."""
    strips = [_strip(picture, methods, window_px) for picture in pictures]
    heads = ["before" if method is BICUBIC else method.label for method in methods]
    width_px = GAP_PX + len(methods) * (window_px[0] + GAP_PX)
    height_px = HEAD_PX + sum(strip.panels[0].shape[0] + LINE_PX + GAP_PX for strip in strips)
    sheet = Image.new("RGB", (width_px, height_px), PAPER)
    pen = ImageDraw.Draw(sheet)
    for column, head in enumerate(heads):
        left = GAP_PX + column * (window_px[0] + GAP_PX)
        pen.text((left, 7), head, fill=INK, font=ImageFont.load_default(15))
    top = HEAD_PX
    for strip in strips:
        for column, panel in enumerate(strip.panels):
            sheet.paste(Image.fromarray(panel), (GAP_PX + column * (window_px[0] + GAP_PX), top))
        top += strip.panels[0].shape[0]
        pen.text((GAP_PX, top + 3), strip.caption, fill=MUTED, font=ImageFont.load_default(12))
        top += LINE_PX + GAP_PX
    return sheet


def _strip(picture: Blurred, methods: Sequence[Method], window_px: tuple[int, int]) -> Strip:
    small = without_alpha(picture.blob)
    height_px, width_px = small.rgb.shape[:2]
    part = fullest_window(small.rgb, window_px[1] // SCALE, window_px[0] // SCALE)
    caption = (
        f"{picture.deck}, slide {picture.placement.slide}: {Path(picture.part).name},"
        f" {width_px} x {height_px} px at {picture.placement.effective_ppi:.0f} ppi"
    )
    return Strip(caption, [_panel(method, small, part) for method in methods])


def _panel(method: Method, small: Small, part: Window) -> Picture:
    """Enlarge the window and what a network sees around it; ours needs the file itself."""
    if method.kind == "ours":
        rows, columns = _enlarged(part.rows), _enlarged(part.columns)
        return method.enlarge(small, SCALE)[rows, columns]
    rows, columns = _widened(part.rows), _widened(part.columns)
    out = io.BytesIO()
    Image.fromarray(small.rgb[rows, columns]).save(out, "PNG")
    upscaled = method.enlarge(Small(out.getvalue()), SCALE)
    top, left = part.rows.start - rows.start, part.columns.start - columns.start
    height_px, width_px = (side.stop - side.start for side in (part.rows, part.columns))
    return upscaled[
        top * SCALE : (top + height_px) * SCALE, left * SCALE : (left + width_px) * SCALE
    ]


def _enlarged(side: slice) -> slice:
    return slice(side.start * SCALE, side.stop * SCALE)


def _widened(side: slice) -> slice:
    return slice(max(0, side.start - CONTEXT_PX), side.stop + CONTEXT_PX)


def save(sheet: Image.Image, path: Path) -> None:
    """Write as JPEG with full colour resolution: a PNG would be five times as large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, "JPEG", quality=90, subsampling=0, optimize=True)
