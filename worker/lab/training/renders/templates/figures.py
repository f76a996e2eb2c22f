"""Line art: hairlines, circles, hatches, curves and grids, as technical drawings have them."""

import random

from worker.lab.training.renders.pen import Pen
from worker.lab.training.renders.templates.charts import svg, text
from worker.lab.training.renders.words import label, number


def line_art(pen: Pen) -> str:
    """Draw eight cells, each with figures of another kind."""
    makers = (_rings, _fan, _hatch, _curves, _steps, _polygons, _checks, _measure)
    parts = []
    for cell in range(12):
        x, y = 144 * (cell % 4), 128 * (cell // 4)
        figure = pen.rng.choice(makers)(pen.rng)
        colour = pen.rng.choice((pen.style.ink, pen.style.ink, pen.accent()))
        width = pen.rng.choice((0.5, 1, 1, 1, 1.5, 2, 3))
        ground = pen.rng.choice((pen.style.ground, pen.style.ground, pen.style.panel, pen.accent()))
        parts.append(
            f'<g transform="translate({x} {y})"><rect width="144" height="128" fill="{ground}"/>'
            f'<g stroke="{colour}" stroke-width="{width}" fill="none">{figure}</g></g>'
        )
    return svg("".join(parts))


def _rings(rng: random.Random) -> str:
    return "".join(
        f'<circle cx="72" cy="64" r="{r}"/>' for r in range(4, 60, rng.choice((3, 5, 8, 12)))
    )


def _fan(rng: random.Random) -> str:
    step = rng.choice((6, 10, 16, 24))
    return "".join(f'<path d="M4 124L{x} 4"/>' for x in range(4, 141, step))


def _hatch(rng: random.Random) -> str:
    step, lean = rng.choice((3, 4, 6, 10)), rng.choice((0, 20, 60))
    return "".join(f'<path d="M{x}.5 10l{lean} 108"/>' for x in range(8, 130 - lean, step))


def _curves(rng: random.Random) -> str:
    return "".join(
        f'<path d="M6 {rng.randint(10, 118)}C{rng.randint(20, 60)} 0 {rng.randint(80, 120)} 128 138 {rng.randint(10, 118)}"/>'
        for _ in range(rng.randint(1, 6))
    )


def _steps(rng: random.Random) -> str:
    path = "".join(f"h{rng.randint(4, 14)}v{rng.randint(-12, 16)}" for _ in range(12))
    return f'<path d="M8 40{path}"/>'


def _polygons(rng: random.Random) -> str:
    return "".join(
        '<polygon points="'
        + " ".join(f"{rng.randint(6, 138)},{rng.randint(6, 122)}" for _ in range(rng.randint(3, 6)))
        + '"/>'
        for _ in range(rng.randint(1, 3))
    )


def _checks(rng: random.Random) -> str:
    side = rng.choice((2, 4, 6, 8, 16))
    squares = [
        f'<rect x="{8 + side * c}" y="{8 + side * r}" width="{side}" height="{side}" fill="currentColor" stroke="none"/>'
        for r in range(96 // side)
        for c in range(128 // side)
        if (r + c) % 2
    ]
    return "".join(squares[:600])


def _measure(rng: random.Random) -> str:
    ticks = "".join(
        f'<path d="M{x}.5 70v-{8 if n % 5 else 16}"/>' for n, x in enumerate(range(10, 134, 6))
    )
    words = text(14, 96, label(rng), 11, "currentColor", 'stroke="none"') + text(
        14, 46, number(rng), 12, "currentColor", 'stroke="none"'
    )
    return f'<path d="M10 70.5h124"/>{ticks}{words}'
