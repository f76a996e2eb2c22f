"""Drawn pictures as they stand in real talks: a window, a program, a chart, a logo, a diagram."""

import math
from collections.abc import Sequence

from PIL import Image

from crispdeck.sample.canvas import AMBER, BLUE, GREEN, GREY, INK, LINE, PAPER, RED, VIOLET, Canvas

_CODE = (
    (("def ", VIOLET), ("effective_ppi", BLUE), ("(picture, shown):", INK)),
    (('    """Pixels for each inch on the slide."""', GREEN),),
    (("    width = ", INK), ("picture", INK), (".width_px * (1 - crop)", INK)),
    (("    if ", VIOLET), ("shown.width_in == ", INK), ("0", AMBER), (":", INK)),
    (("        return ", VIOLET), ("None", AMBER)),
    (("    return ", VIOLET), ("width / shown.width_in", INK)),
    (),
    (("for ", VIOLET), ("slide ", INK), ("in ", VIOLET), ("deck.slides:", INK)),
    (("    print", BLUE), ("(slide.number, ", INK), ('"blurred"', GREEN), (")", INK)),
)


def window() -> Image.Image:
    """Return a program's window, as a screenshot of it looks."""
    canvas = Canvas(480, 300, "#f3f4f6")
    canvas.box(0, 0, 480, 26, fill="#e5e7eb")
    for number, colour in enumerate(("#f87171", "#fbbf24", "#34d399")):
        canvas.ellipse(10 + 16 * number, 8, 20 + 16 * number, 18, fill=colour)
    canvas.text(240, 13, "Orders: Autumn", size=11, anchor="mm", bold=True)
    _sidebar(canvas)
    _tiles(canvas)
    _table(canvas)
    return canvas.done()


def _sidebar(canvas: Canvas) -> None:
    canvas.box(0, 26, 104, 300, fill=INK)
    for number, label in enumerate(("Overview", "Orders", "Customers", "Products", "Reports")):
        y = 48 + 28 * number
        if number == 1:
            canvas.box(6, y - 12, 98, y + 12, fill=BLUE, radius=4)
        canvas.ellipse(14, y - 4, 22, y + 4, fill=PAPER if number == 1 else GREY)
        canvas.text(30, y, label, size=11, fill=PAPER)


def _tiles(canvas: Canvas) -> None:
    tiles = (("Open", "128", BLUE), ("Sent", "1,942", GREEN), ("Returned", "17", RED))
    for number, (label, value, colour) in enumerate(tiles):
        left = 116 + 120 * number
        canvas.box(left, 38, left + 112, 92, fill=PAPER, radius=5, line=LINE)
        canvas.box(left, 38, left + 4, 92, fill=colour, radius=2)
        canvas.text(left + 14, 52, label, size=10, fill=GREY)
        canvas.text(left + 14, 74, value, size=18, bold=True)


def _table(canvas: Canvas) -> None:
    canvas.box(116, 102, 468, 288, fill=PAPER, radius=5, line=LINE)
    columns = (126, 186, 310, 396)
    for x, label in zip(columns, ("Order", "Customer", "Total", "State"), strict=True):
        canvas.text(x, 115, label, size=10, fill=GREY, bold=True)
    rows = (
        ("A-2041", "Nadia Okafor", "84.00", "sent", GREEN),
        ("A-2042", "Lars Lindqvist", "1,310.50", "open", BLUE),
        ("A-2043", "Mei Tanaka", "27.95", "sent", GREEN),
        ("A-2044", "Ines Pereira", "219.00", "late", RED),
        ("A-2045", "Ruth Adler", "63.20", "open", BLUE),
    )
    for number, (*cells, state, colour) in enumerate(rows):
        y = 141 + 30 * number
        canvas.line([(122, y - 15), (462, y - 15)], LINE)
        for x, cell in zip(columns, cells, strict=False):
            canvas.text(x, y, cell, size=11)
        canvas.box(394, y - 9, 432, y + 9, fill=colour, radius=9)
        canvas.text(413, y, state, size=10, fill=PAPER, anchor="mm")


def program() -> Image.Image:
    """Return a few lines of a program with coloured words."""
    canvas = Canvas(430, 190, "#f8fafc")
    canvas.box(0, 0, 30, 190, fill="#e2e8f0")
    for number, pieces in enumerate(_CODE):
        y = 17 + 19.5 * number
        canvas.text(24, y, str(number + 1), size=10, fill=GREY, anchor="rm")
        column = 0
        for text, colour in pieces:
            canvas.spaced(38 + 8 * column, y, text, step=8, size=12, fill=colour)
            column += len(text)
    return canvas.done()


def chart() -> Image.Image:
    """Return a bar chart with a line over it."""
    canvas = Canvas(400, 240)
    canvas.text(200, 16, "Visitors by month (thousands)", size=13, anchor="mm", bold=True)
    for number in range(5):
        grid_y = 206 - 42 * number
        canvas.line([(36, grid_y), (392, grid_y)], LINE)
        canvas.text(31, grid_y, str(10 * number), size=10, fill=GREY, anchor="rm")
    values = (12, 17, 15, 22, 27, 25, 33, 38)
    points: list[tuple[float, float]] = []
    for number, value in enumerate(values):
        left = 46.0 + 43 * number
        top = 206 - 4.2 * value
        canvas.box(left, top, left + 26, 206, fill=BLUE)
        canvas.text(left + 13, 218, "JFMAMJJA"[number], size=10, fill=GREY, anchor="mm")
        points.append((left + 13, top - 8 - 6 * math.sin(number)))
    canvas.line(points, AMBER, 2)
    for x, y in points:
        canvas.ellipse(x - 3, y - 3, x + 3, y + 3, fill=AMBER)
    return canvas.done()


def shares() -> Image.Image:
    """Return a pie chart."""
    canvas = Canvas(300, 200)
    start = -90.0
    parts = (
        ("Screens", 44, BLUE),
        ("Diagrams", 31, GREEN),
        ("Logos", 18, AMBER),
        ("Photos", 7, RED),
    )
    for number, (label, share, colour) in enumerate(parts):
        end = start + 3.6 * share
        canvas.pie(14, 18, 178, 182, start=start, end=end, fill=colour)
        start = end
        y = 58 + 28 * number
        canvas.box(196, y - 6, 208, y + 6, fill=colour, radius=2)
        canvas.text(216, y, f"{label} {share} %", size=11)
    canvas.ellipse(61, 65, 131, 135, fill=PAPER)
    return canvas.done()


def diagram(scale: int = 1) -> Image.Image:
    """Return boxes and arrows; a larger scale gives more pixels of the same drawing."""
    canvas = Canvas(360 * scale, 200 * scale)
    boxes = (
        (20, 76, "Deck", BLUE),
        (140, 20, "Scan", GREEN),
        (140, 132, "Upscale", VIOLET),
        (262, 76, "Swap", AMBER),
    )
    arrows = (((96, 90), (138, 52)), ((96, 110), (138, 148)), ((216, 52), (260, 90)))
    for start, end in (*arrows, ((216, 148), (260, 110))):
        _arrow(canvas, _times(start, scale), _times(end, scale), scale)
    for left, top, label, colour in boxes:
        sides = _times((left, top, left + 76, top + 48), scale)
        canvas.box(*sides, fill=colour, radius=8 * scale)
        x, y = _times((left + 38, top + 24), scale)
        canvas.text(x, y, label, size=14 * scale, fill=PAPER, anchor="mm", bold=True)
    return canvas.done()


def _times(numbers: Sequence[float], scale: int) -> tuple[float, ...]:
    return tuple(number * scale for number in numbers)


def _arrow(canvas: Canvas, start: tuple[float, ...], end: tuple[float, ...], scale: int) -> None:
    canvas.line([(start[0], start[1]), (end[0], end[1])], INK, 2 * scale)
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    tip = [(end[0], end[1])]
    for side in (-0.45, 0.45):
        back = angle + math.pi + side
        tip.append((end[0] + 9 * scale * math.cos(back), end[1] + 9 * scale * math.sin(back)))
    canvas.polygon(tip, INK)


def logo() -> Image.Image:
    """Return a sign with a name on a clear ground."""
    canvas = Canvas(220, 80, mode="RGBA")
    canvas.polygon([(40, 6), (72, 24), (72, 56), (40, 74), (8, 56), (8, 24)], "#0ea5e9")
    canvas.polygon([(40, 40), (72, 24), (72, 56), (40, 74)], "#0369a1")
    canvas.polygon([(40, 40), (8, 24), (40, 6), (72, 24)], "#7dd3fc")
    canvas.text(86, 32, "Hexagon", size=26, fill="#0c4a6e", bold=True)
    canvas.text(87, 58, "field studies", size=15, fill="#0369a1")
    return canvas.done()


def badge(label: str, colour: str, side_px: int = 96) -> Image.Image:
    """Return a round sign with one or two letters."""
    canvas = Canvas(side_px, side_px, mode="RGBA")
    canvas.ellipse(2, 2, side_px - 2, side_px - 2, fill=colour)
    middle = side_px / 2
    canvas.ellipse(9, 9, side_px - 9, side_px - 9, fill=PAPER)
    canvas.ellipse(13, 13, side_px - 13, side_px - 13, fill=colour)
    size = side_px * 0.4
    canvas.text(middle, middle, label, size=size, fill=PAPER, anchor="mm", bold=True)
    return canvas.done()


def map_sheet() -> Image.Image:
    """Return a small town map with few colours."""
    canvas = Canvas(260, 180, "#eef2e6")
    canvas.polygon(
        [(0, 130), (70, 118), (150, 138), (260, 112), (260, 150), (150, 172), (0, 160)], "#a5d8f3"
    )
    canvas.polygon([(150, 12), (246, 8), (250, 84), (170, 92)], "#c9e4b4")
    for line in (
        [(0, 60), (120, 44), (260, 70)],
        [(70, 0), (84, 90), (60, 180)],
        [(190, 0), (176, 100), (210, 180)],
    ):
        canvas.line([(float(x), float(y)) for x, y in line], "#ffffff", 8)
        canvas.line([(float(x), float(y)) for x, y in line], "#e0b860", 5)
    for x, y, label in ((84, 48, "Station"), (206, 46, "Park"), (120, 104, "Harbour")):
        canvas.text(x, y + 14, label, size=11, anchor="mm", bold=True)
        canvas.ellipse(x - 4, y - 4, x + 4, y + 4, fill=RED)
    return canvas.done()


def tile() -> Image.Image:
    """Return a pattern that repeats without a seam."""
    canvas = Canvas(32, 32, "#e0e7ff")
    for x, y in ((0, 0), (32, 0), (0, 32), (32, 32), (16, 16)):
        canvas.polygon([(x - 7, y), (x, y - 7), (x + 7, y), (x, y + 7)], "#818cf8")
    return canvas.done()


def turning(frames: int = 8) -> list[Image.Image]:
    """Return the frames of a wheel that turns."""
    pictures: list[Image.Image] = []
    for frame in range(frames):
        canvas = Canvas(96, 96)
        for spoke in range(8):
            angle = 2 * math.pi * (spoke + frame / frames) / 8
            x, y = 48 + 32 * math.cos(angle), 48 + 32 * math.sin(angle)
            canvas.ellipse(x - 8, y - 8, x + 8, y + 8, fill=(BLUE, LINE)[spoke > 3])
        pictures.append(canvas.done())
    return pictures
