"""Boxes and arrows: flow charts, class diagrams, timelines, maps of systems."""

import random
from itertools import pairwise

from worker.lab.training.renders.pen import Pen
from worker.lab.training.renders.templates.charts import svg, text
from worker.lab.training.renders.words import ENGLISH, date, label, title, words


def arrow(pen: Pen, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Draw a line with a head, straight or with one corner, whole or dashed."""
    rng = pen.rng
    (x0, y0), (x1, y1) = start, end
    colour = rng.choice((pen.style.ink, pen.style.ink, pen.style.muted, pen.accent()))
    width = rng.choice((1, 1, 1.5, 2))
    name = f"h{rng.randrange(10**9)}"
    head = rng.choice(("M0 0L8 4L0 8Z", "M0 0L8 4L0 8", "M0 4L4 0L8 4L4 8Z"))
    fill = "none" if head.endswith("8") else rng.choice((colour, pen.style.ground))
    marker = (
        f'<marker id="{name}" viewBox="-1 -1 10 10" refX="8" refY="4" markerWidth="10" markerHeight="10" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="{head}" fill="{fill}" stroke="{colour}"/></marker>'
    )
    path = (
        f"M{x0} {y0}L{x1} {y1}"
        if rng.random() < 0.5 or x0 == x1 or y0 == y1
        else f"M{x0} {y0}V{y1}H{x1}"
    )
    dash = rng.choice(("", "", "", 'stroke-dasharray="5 3"'))
    return f'{marker}<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" marker-end="url(#{name})" {dash}/>'


def node(pen: Pen, x: int, y: int, width: int, height: int, content: str) -> str:
    """Draw a box, a rounded box, a diamond, an oval or a drum with a label inside."""
    rng, style = pen.rng, pen.style
    fill = rng.choice((style.ground, style.panel, pen.accent(), "none"))
    stroke = rng.choice((style.ink, style.line, pen.accent()))
    line = f'fill="{fill}" stroke="{stroke}" stroke-width="{rng.choice((1, 1, 2))}"'
    shape = rng.choice(("box", "box", "round", "diamond", "oval", "drum"))
    right, bottom, middle_x, middle_y = x + width, y + height, x + width // 2, y + height // 2
    outline = {
        "box": f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {line}/>',
        "round": f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" {line}/>',
        "diamond": f'<path d="M{x} {middle_y}L{middle_x} {y}L{right} {middle_y}L{middle_x} {bottom}Z" {line}/>',
        "oval": f'<ellipse cx="{middle_x}" cy="{middle_y}" rx="{width // 2}" ry="{height // 2}" {line}/>',
        "drum": f'<path d="M{x} {y + 6}a{width / 2} 6 0 0 1 {width} 0v{height - 12}a{width / 2} 6 0 0 1 -{width} 0z'
        f'm0 0a{width / 2} 6 0 0 0 {width} 0" {line}/>',
    }[shape]
    ink = "#ffffff" if fill in style.accents else style.ink
    size = rng.choice((9, 10, 11, 12, 13))
    return outline + text(
        middle_x, middle_y + size // 3, content, size, ink, 'text-anchor="middle"'
    )


def _grid(rng: random.Random) -> list[tuple[int, int, int, int]]:
    """Give places (x, y, width, height) in rows and columns, a little out of line."""
    columns, rows = rng.choice(((3, 3), (4, 4), (5, 5), (3, 5), (6, 4)))
    step_x, step_y = 560 // columns, 370 // rows
    width, height = step_x * 5 // 8, step_y // 2
    return [
        (
            8 + step_x * c + rng.randint(0, step_x // 4),
            8 + step_y * r + rng.randint(0, step_y // 4),
            width,
            height,
        )
        for r in range(rows)
        for c in range(columns)
        if rng.random() < 0.85
    ]


def flow(pen: Pen) -> str:
    """Draw a flow chart: from each node an arrow to the next, some with a word on them."""
    places = _grid(pen.rng)
    parts = []
    for (x, y, w, h), (x2, y2, w2, h2) in pairwise(places):
        start, end = (
            ((x + w, y + h // 2), (x2, y2 + h2 // 2))
            if y2 < y + h
            else ((x + w // 2, y + h), (x2 + w2 // 2, y2))
        )
        parts.append(arrow(pen, start, end))
        if pen.rng.random() < 0.3:
            parts.append(
                text(
                    (start[0] + end[0]) // 2,
                    (start[1] + end[1]) // 2 - 3,
                    pen.rng.choice(("yes", "no", "1..n", "ok")),
                    9,
                    pen.style.muted,
                )
            )
    parts += [node(pen, *place, label(pen.rng)) for place in places]
    return svg("".join(parts))


def boxes_and_arrows(pen: Pen) -> str:
    """Draw the map of a system: groups, boxes, many arrows across."""
    rng = pen.rng
    places = _grid(rng)
    groups = [
        f'<rect x="{rng.randint(4, 300)}" y="{rng.randint(4, 200)}" width="{rng.randint(120, 270)}" height="{rng.randint(90, 180)}" '
        f'fill="{pen.style.panel}" stroke="{pen.style.muted}" stroke-dasharray="4 3" rx="{pen.style.radius_px}"/>'
        for _ in range(rng.randint(0, 3))
    ]
    links = []
    for _ in range(len(places)):
        (x, y, w, h), (x2, y2, _, h2) = rng.choice(places), rng.choice(places)
        links.append(arrow(pen, (x + w, y + h // 2), (x2, y2 + h2 // 2)))
    nodes = [
        node(pen, *place, rng.choice(ENGLISH).upper() if rng.random() < 0.3 else label(rng))
        for place in places
    ]
    return svg("".join(groups + links + nodes) + text(12, 378, title(rng), 12, pen.style.ink))


def classes(pen: Pen) -> str:
    """Draw a class diagram: name, attributes and methods in ruled boxes."""
    rng, style, parts = pen.rng, pen.style, []
    size = rng.choice((9, 10, 11, 12))
    places = [(10 + 190 * c, 10 + 188 * r) for r in range(2) for c in range(3)]
    for start, end in pairwise(places):
        parts.append(arrow(pen, (start[0] + 160, start[1] + 60), (end[0], end[1] + 60)))
    for x, y in places:
        fields, methods = rng.randint(1, 4), rng.randint(1, 4)
        line_px = size + 5
        head, height = line_px + 8, (fields + methods) * line_px + line_px + 24
        parts.append(
            f'<rect x="{x}.5" y="{y}.5" width="160" height="{height}" fill="{style.ground}" stroke="{style.ink}"/>'
        )
        parts.append(
            f'<rect x="{x + 1}" y="{y + 1}" width="159" height="{head}" fill="{rng.choice((style.panel, pen.accent()))}"/>'
        )
        parts.append(
            text(
                x + 80,
                y + line_px,
                rng.choice(ENGLISH).capitalize(),
                size + 1,
                style.ink,
                'text-anchor="middle" font-weight="700"',
            )
        )
        for n in range(fields + methods):
            gap = head + line_px + (8 if n >= fields else 0)
            row = f"{rng.choice('+-#')} {rng.choice(ENGLISH).lower()}" + (
                "()" if n >= fields else f": {rng.choice(('int', 'str', 'float', 'Date'))}"
            )
            parts.append(text(x + 8, y + gap + n * line_px, row, size, style.ink))
        rule = y + head + fields * line_px + 6
        parts.append(f'<path d="M{x} {y + head + 1}.5h160M{x} {rule}.5h160" stroke="{style.ink}"/>')
    return svg("".join(parts))


def timeline(pen: Pen) -> str:
    """Draw a timeline with marks, or bars of a plan by weeks."""
    rng, style, parts = pen.rng, pen.style, [text(16, 26, title(pen.rng), 16, pen.style.ink)]
    if rng.random() < 0.5:
        y = 190
        parts.append(
            f'<path d="M20 {y}H556" stroke="{pen.accent()}" stroke-width="{rng.choice((2, 3, 4))}"/>'
        )
        for n in range(rng.randint(4, 8)):
            x, up = 50 + 68 * n, n % 2
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="{rng.choice((4, 6, 8))}" fill="{pen.accent()}" stroke="{style.ground}" stroke-width="2"/>'
            )
            parts.append(f'<path d="M{x}.5 {y}v{-50 if up else 50}" stroke="{style.muted}"/>')
            parts.append(
                text(
                    x,
                    y - 58 if up else y + 64,
                    date(rng),
                    11,
                    style.ink,
                    'text-anchor="middle" font-weight="700"',
                )
            )
            parts.append(
                text(
                    x, y - 74 if up else y + 80, label(rng), 10, style.muted, 'text-anchor="middle"'
                )
            )
        return svg("".join(parts))
    for week in range(16):
        x = 140 + 27 * week
        parts.append(
            f'<path d="M{x}.5 40v330" stroke="{style.line}"/>'
            + text(x + 3, 52, f"W{week + 1}", 9, style.muted)
        )
    for row in range(rng.randint(6, 13)):
        y, start = 60 + 24 * row, rng.randint(0, 10)
        length = rng.randint(1, 16 - start)
        parts.append(text(10, y + 12, words(rng, 1, 2)[:18], 10, style.ink))
        parts.append(
            f'<rect x="{140 + 27 * start}" y="{y}" width="{27 * length}" height="16" rx="{min(8, style.radius_px)}" fill="{pen.accent()}"/>'
        )
        if length > 3:
            parts.append(text(146 + 27 * start, y + 12, label(rng).split()[0], 10, "#ffffff"))
    return svg("".join(parts))
