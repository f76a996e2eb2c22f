"""Tables, charts and diagrams drawn by script, in two versions that differ in one thing."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Bold.ttf",
    "DejaVuSansMono.ttf",
)
WORDS = (
    *("Revenue", "growth", "north", "south", "margin", "budget", "actual", "forecast", "total"),
    *("units", "market", "share", "plan", "risk", "owner", "status", "open", "closed", "review"),
    *("quarter", "profit", "cost", "hours", "team", "phase", "result", "input", "output"),
)
GROUNDS = ("#ffffff", "#f4f6f8", "#fffbe8", "#1e2430", "#0b2a4a")
ACCENTS = ("#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#17becf", "#e377c2", "#8c564b")


@dataclass(frozen=True)
class Two:
    """A picture and its other version.

    Attributes:
        edit: what differs.
    """

    truth: Image.Image
    edited: Image.Image
    edit: str


@dataclass(frozen=True)
class Page:
    """What is drawn; a version of it is another value of one field."""

    seed: int
    width: int
    height: int
    text_px: int
    cells: tuple[str, ...] = ()
    bars: tuple[float, ...] = ()
    colours: tuple[str, ...] = ()
    arrow: tuple[float, float, float, float] = (0.2, 0.2, 0.6, 0.6)


def drawn(rng: random.Random) -> Two:
    """Draw a page of a random kind and a version of it with one small edit."""
    maker = rng.choice((_table, _chart, _diagram))
    return maker(rng)


def _new_page(rng: random.Random) -> Page:
    width = rng.randrange(480, 1200)
    height = round(width * rng.uniform(0.45, 0.8))
    return Page(rng.randrange(1 << 30), width, height, rng.randrange(18, 34))


def _table(rng: random.Random) -> Two:
    page = _new_page(rng)
    rows = max(2, page.height // round(page.text_px * 1.9))
    columns = max(2, page.width // (page.text_px * 7))
    cells = [_cell(rng) for _ in range(rows * columns)]
    page = replace(page, cells=tuple(cells))
    place = rng.randrange(len(cells))
    edit = rng.choice(("digit", "word", "date"))
    cells[place], changed = _changed(edit, rng)
    page = replace(page, cells=tuple(cells))
    cells[place] = changed
    return _two(page, replace(page, cells=tuple(cells)), _draw_table, edit)


def _cell(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return f"{rng.uniform(0, 10000):,.{rng.randrange(3)}f}"
    return rng.choice(WORDS)


def _changed(edit: str, rng: random.Random) -> tuple[str, str]:
    if edit == "word":
        first, second = rng.sample(WORDS, 2)
        return first, second
    if edit == "date":
        day, month = rng.randrange(10, 27), rng.randrange(1, 10)
        return f"2019-0{month}-{day}", f"2019-0{month}-{day + rng.choice((1, 2))}"
    digits = [str(rng.randrange(10)) for _ in range(4)]
    place = rng.randrange(4)
    other = rng.choice([each for each in "0123456789" if each != digits[place]])
    return "".join(digits), "".join((*digits[:place], other, *digits[place + 1 :]))


def _chart(rng: random.Random) -> Two:
    page = _new_page(rng)
    count = rng.randrange(3, 9)
    bars = [rng.uniform(0.15, 0.95) for _ in range(count)]
    colours = [rng.choice(ACCENTS) for _ in range(count)]
    page = replace(page, bars=tuple(bars), colours=tuple(colours))
    place = rng.randrange(count)
    if rng.random() < 0.5:
        bars[place] += rng.choice((-1, 1)) * rng.uniform(0.04, 0.1)
        return _two(page, replace(page, bars=tuple(bars)), _draw_chart, "bar's height")
    colours[place] = rng.choice([each for each in ACCENTS if each != colours[place]])
    return _two(page, replace(page, colours=tuple(colours)), _draw_chart, "bar's colour")


def _diagram(rng: random.Random) -> Two:
    page = _new_page(rng)
    page = replace(
        page,
        cells=tuple(rng.choice(WORDS) for _ in range(6)),
        colours=tuple(rng.choice(ACCENTS) for _ in range(6)),
        arrow=(rng.uniform(0.1, 0.3), rng.uniform(0.15, 0.8), 0.7, rng.uniform(0.15, 0.8)),
    )
    left, top, right, bottom = page.arrow
    moved = (left, top, right, bottom + rng.choice((-1, 1)) * rng.uniform(0.05, 0.12))
    return _two(page, replace(page, arrow=moved), _draw_diagram, "moved arrow")


Painter = Callable[[Page, ImageDraw.ImageDraw], None]


def _two(page: Page, other: Page, paint: Painter, edit: str) -> Two:
    return Two(_painted(page, paint), _painted(other, paint), edit)


def _painted(page: Page, paint: Painter) -> Image.Image:
    """Draw twice as large and shrink: Pillow's shapes have no smooth edges of their own."""
    rng = random.Random(page.seed)  # noqa: S311 - the same page each time
    large = replace(page, width=page.width * 2, height=page.height * 2, text_px=page.text_px * 2)
    image = Image.new("RGB", (large.width, large.height), rng.choice(GROUNDS))
    paint(large, ImageDraw.Draw(image))
    return image.resize((page.width, page.height), Image.Resampling.BOX)


def _ink(page: Page) -> str:
    ground = random.Random(page.seed).choice(GROUNDS)  # noqa: S311
    return "#f0f0f0" if ground in GROUNDS[3:] else "#202020"


def font(seed: int, size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return one of the fonts of this machine, else Pillow's own."""
    try:
        return ImageFont.truetype(FONTS[seed % len(FONTS)], size_px)
    except OSError:
        return ImageFont.load_default(size_px)


def _draw_table(page: Page, draw: ImageDraw.ImageDraw) -> None:
    face = font(page.seed, page.text_px)
    row_px = round(page.text_px * 1.9)
    columns = max(2, page.width // (page.text_px * 7))
    for at, cell in enumerate(page.cells):
        x, y = at % columns * page.width // columns, at // columns * row_px
        draw.text((x + page.text_px // 2, y + page.text_px // 3), cell, _ink(page), face)
        draw.line((x, y + row_px, x + page.width // columns, y + row_px), "#a0a0a0", 2)


def _draw_chart(page: Page, draw: ImageDraw.ImageDraw) -> None:
    face = font(page.seed, page.text_px)
    foot, step = page.height - page.text_px * 2, page.width / len(page.bars)
    for at, (bar, colour) in enumerate(zip(page.bars, page.colours, strict=True)):
        left = round((at + 0.2) * step)
        draw.rectangle((left, round(foot * (1 - bar)), round(left + step * 0.6), foot), colour)
        draw.text((left, foot + page.text_px // 3), f"Q{at + 1}", _ink(page), face)
    for share in (0.25, 0.5, 0.75):
        draw.line((0, foot * share, page.width, foot * share), "#b0b0b0", 2)


def _draw_diagram(page: Page, draw: ImageDraw.ImageDraw) -> None:
    face = font(page.seed, page.text_px)
    for at, (word, colour) in enumerate(zip(page.cells, page.colours, strict=True)):
        x = (0.04 + 0.72 * (at % 2)) * page.width
        y = (0.06 + 0.32 * (at // 2)) * page.height
        box = (x, y, x + page.width * 0.22, y + page.height * 0.18)
        draw.rounded_rectangle(box, page.text_px // 3, colour)
        draw.text((x + page.text_px // 2, y + page.text_px // 2), word, "#ffffff", face)
    left, top, right, bottom = page.arrow
    start = (left * page.width, top * page.height)
    end = (right * page.width, bottom * page.height)
    draw.line((*start, *end), _ink(page), max(4, page.text_px // 6))
    size = page.text_px * 0.6
    tip = (end, (end[0] - size, end[1] - size / 2), (end[0] - size, end[1] + size / 2))
    draw.polygon(tip, _ink(page))
