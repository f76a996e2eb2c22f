"""Charts as SVG: bars, lines, pies, heat maps, scattered points."""

import math
import random
from html import escape

from worker.lab.training.renders.pen import Pen
from worker.lab.training.renders.words import label, number, title

LEFT_PX, TOP_PX, WIDTH_PX, HEIGHT_PX = 56, 40, 400, 290
"""Of the plot within its page; chosen by eye."""


def svg(content: str) -> str:
    """Wrap marks in a drawing as large as the page."""
    return f'<svg width="576" height="384" style="position:absolute;left:0;top:0">{content}</svg>'


def text(x: float, y: float, content: str, size_px: int, fill: str, more: str = "") -> str:
    """Write a label."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size_px}" fill="{fill}" {more}>{escape(content)}</text>'


def frame(pen: Pen, categories: int = 0) -> str:
    """Draw title, axes, grid, ticks with their numbers, and the legend."""
    rng, style = pen.rng, pen.style
    size = rng.choice((9, 10, 11, 12, 13))
    parts = [
        text(LEFT_PX, 24, title(rng), rng.choice((14, 16, 18)), style.ink, 'font-weight="700"')
    ]
    ticks, top = rng.randint(4, 7), rng.choice((1, 5, 10, 100, 1000))
    for tick in range(ticks + 1):
        y = TOP_PX + HEIGHT_PX - tick * (HEIGHT_PX // ticks)
        if rng.random() < 0.9:
            parts.append(
                f'<path d="M{LEFT_PX} {y + 0.5}h{WIDTH_PX}" stroke="{style.line}" stroke-width="1"/>'
            )
        parts.append(
            text(
                LEFT_PX - 6,
                y + 4,
                f"{tick * top / ticks:g}"[:5],
                size,
                style.muted,
                'text-anchor="end"',
            )
        )
    parts.append(
        f'<path d="M{LEFT_PX + 0.5} {TOP_PX}v{HEIGHT_PX}h{WIDTH_PX}" fill="none" stroke="{style.ink}"/>'
    )
    for category in range(categories):
        x = LEFT_PX + (category + 0.5) * WIDTH_PX / categories
        upright = (
            f'transform="rotate(-35 {x:g} 348)" text-anchor="end"'
            if categories > 8
            else 'text-anchor="middle"'
        )
        parts.append(text(x, 348, label(rng).split()[0], size, style.muted, upright))
    parts += [
        text(256, 376, label(rng), size + 1, style.ink),
        text(14, 200, label(rng), size + 1, style.ink, 'transform="rotate(-90 14 200)"'),
    ]
    for entry in range(rng.randint(0, 5)):
        y = 60 + 22 * entry
        parts.append(
            f'<rect x="468" y="{y}" width="12" height="12" fill="{style.accents[entry]}"/>'
        )
        parts.append(text(486, y + 10, label(rng), size, style.ink))
    return "".join(parts)


def bars(pen: Pen) -> str:
    """Draw upright bars, grouped or stacked, with or without their numbers."""
    rng = pen.rng
    categories, series = rng.randint(3, 12), rng.choice((1, 1, 2, 3))
    stacked, numbers = rng.random() < 0.3, rng.random() < 0.5
    step = WIDTH_PX // categories
    width = max(2, step * 3 // 4 // (1 if stacked else series))
    marks = []
    for category in range(categories):
        base = TOP_PX + HEIGHT_PX
        for one in range(series):
            height = rng.randint(4, HEIGHT_PX // (series if stacked else 1))
            x = LEFT_PX + category * step + step // 8 + (0 if stacked else one * width)
            marks.append(
                f'<rect x="{x}" y="{base - height}" width="{width}" height="{height}" fill="{pen.style.accents[one]}"/>'
            )
            if numbers and not stacked:
                marks.append(
                    text(
                        x + width / 2,
                        base - height - 4,
                        str(height),
                        9,
                        pen.style.ink,
                        'text-anchor="middle"',
                    )
                )
            base -= height if stacked else 0
    return svg(frame(pen, categories) + "".join(marks))


def walk(rng: random.Random, count: int) -> list[tuple[float, float]]:
    """Walk from left to right through the chart."""
    y, points = rng.uniform(60, 300), []
    for n in range(count):
        y = min(TOP_PX + HEIGHT_PX, max(TOP_PX, y + rng.gauss(0, 30)))
        points.append((LEFT_PX + n * WIDTH_PX / (count - 1), y))
    return points


def lines(pen: Pen) -> str:
    """Draw one to five lines, with or without marks at their points."""
    rng, marks = pen.rng, []
    for one in range(rng.randint(1, 5)):
        points = walk(rng, rng.choice((6, 12, 30, 80)))
        colour = pen.style.accents[one]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = rng.choice(("", "", "", 'stroke-dasharray="4 3"', 'stroke-dasharray="1 2"'))
        marks.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{rng.choice((1, 1, 1.5, 2, 3))}" {dash}/>'
        )
        if len(points) <= 12 and rng.random() < 0.6:
            marks += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rng.choice((2, 3, 4))}" fill="{rng.choice((colour, pen.style.ground))}" stroke="{colour}"/>'
                for x, y in points
            ]
    return svg(frame(pen, pen.rng.choice((0, 6, 12))) + "".join(marks))


def scatter(pen: Pen) -> str:
    """Draw a cloud of points and a line through it."""
    rng, marks = pen.rng, []
    for one in range(rng.randint(1, 4)):
        middle = (rng.uniform(120, 400), rng.uniform(100, 280))
        for _ in range(rng.randint(10, 80)):
            x, y = rng.gauss(middle[0], 50), rng.gauss(middle[1], 40)
            marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rng.choice((1.5, 2, 3))}" fill="{pen.style.accents[one]}" fill-opacity="{rng.choice((1, 0.6))}"/>'
            )
    line = f'<path d="M{LEFT_PX} {rng.randint(200, 320)}L{LEFT_PX + WIDTH_PX} {rng.randint(50, 180)}" stroke="{pen.accent()}" stroke-width="1.5"/>'
    return svg(frame(pen) + "".join(marks) + line)


def pie(pen: Pen) -> str:
    """Draw one or two pies or rings with their shares."""
    rng, marks = pen.rng, []
    for middle_x, radius in rng.choice((((200, 130),), ((150, 100), (410, 90)))):
        hole = rng.choice((0, 0, 0.5, 0.65))
        shares = [rng.uniform(0.3, 2) for _ in range(rng.randint(2, 6))]
        angle = rng.uniform(0, 6.28)
        for n, share in enumerate(shares):
            turn = 2 * math.pi * share / sum(shares)
            marks.append(
                _slice(
                    middle_x, 200, radius, hole, angle, turn, pen.style.accents[n], pen.style.ground
                )
            )
            x, y = (
                middle_x + 0.75 * radius * math.cos(angle + turn / 2),
                204 + 0.75 * radius * math.sin(angle + turn / 2),
            )
            marks.append(
                text(
                    round(x),
                    round(y),
                    f"{100 * share / sum(shares):.0f}%",
                    rng.choice((10, 11, 12)),
                    "#ffffff",
                    'text-anchor="middle"',
                )
            )
            marks.append(text(480, 90 + 22 * n, label(rng), 11, pen.style.ink))
            marks.append(
                f'<rect x="462" y="{80 + 22 * n}" width="12" height="12" fill="{pen.style.accents[n]}"/>'
            )
            angle += turn
    return svg(text(24, 30, title(rng), 18, pen.style.ink) + "".join(marks))


def _slice(
    x: float, y: float, radius: float, hole: float, angle: float, turn: float, fill: str, edge: str
) -> str:
    points = [
        (radius, angle),
        (radius, angle + turn),
        (radius * hole, angle + turn),
        (radius * hole, angle),
    ]
    a, b, c, d = [f"{x + r * math.cos(t):.1f} {y + r * math.sin(t):.1f}" for r, t in points]
    large = int(turn > math.pi)
    return (
        f'<path d="M{a}A{radius} {radius} 0 {large} 1 {b}L{c}A{radius * hole} {radius * hole} 0 {large} 0 {d}Z" '
        f'fill="{fill}" stroke="{edge}" stroke-width="1"/>'
    )


def heat(pen: Pen) -> str:
    """Draw a heat map or a matrix with a number in each cell."""
    rng, marks = pen.rng, []
    columns, rows = rng.randint(4, 12), rng.randint(4, 10)
    width, height = 420 // columns, 290 // rows
    ends = [(rng.randint(0, 255), rng.randint(0, 255), rng.randint(0, 255)) for _ in range(2)]
    numbers = rng.random() < 0.7
    for row in range(rows):
        marks.append(
            text(
                60,
                56 + row * height + height // 2,
                label(rng).split()[0],
                10,
                pen.style.ink,
                'text-anchor="end"',
            )
        )
        for column in range(columns):
            share = rng.random()
            rgb = [round(low + share * (high - low)) for low, high in zip(*ends, strict=True)]
            x, y = 68 + column * width, 50 + row * height
            marks.append(
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="rgb({rgb[0]},{rgb[1]},{rgb[2]})"/>'
            )
            if numbers:
                ink = "#000000" if sum(rgb) > 380 else "#ffffff"
                marks.append(
                    text(
                        x + width // 2,
                        y + height // 2 + 4,
                        f"{share:.2f}"[1 if width < 30 else 0 :],
                        rng.choice((9, 10, 11)),
                        ink,
                        'text-anchor="middle"',
                    )
                )
    marks += [
        text(
            68 + column * width + width // 2,
            358,
            number(rng)[:5],
            9,
            pen.style.muted,
            'text-anchor="middle"',
        )
        for column in range(columns)
    ]
    return svg(text(68, 30, title(rng), 16, pen.style.ink) + "".join(marks))
