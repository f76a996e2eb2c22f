"""Pages of text, code, tables and bars as SVG, as slides hold them; no pixels."""

import random
from collections.abc import Iterator
from xml.sax.saxutils import escape

PAGE_WIDTH_PX = 640
PAGE_HEIGHT_PX = 480
FAMILIES = (
    "sans-serif", "serif", "monospace", "DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono",
    "Liberation Sans", "Liberation Serif", "Liberation Mono", "Carlito", "Caladea",
)  # fmt: skip
TEXT = (
    "revenue growth market share quarter forecast budget customer region team plan result risk "
    "model system network latency throughput memory queue server client request response cache "
    "the of and in to for with from by on at over under between per about total average maximum "
    "Figure Table Note Source Total Q1 Q2 Q3 Q4 2024 2025 2026 12% 3.14 1,250 $48k 0.05 n=96 "
    "def return import class lambda self None True i+=1 x[0] f(x) {} () => != == // /* */ #include "
    "Zürich São Köln naïve façade Ωμέγα Привет αβγ ± × ≤ → • “quoted” & < >"
)
WORDS = TEXT.split()


def svg_pages(count: int, rng: random.Random) -> Iterator[str]:
    """Yield `count` different pages."""
    for _ in range(count):
        ground, ink = _colours(rng)
        parts = [_bars(rng), _grid(rng, ink), *_lines(rng, ink)]
        rng.shuffle(parts)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE_WIDTH_PX}" '
            f'height="{PAGE_HEIGHT_PX}"><rect width="100%" height="100%" fill="{ground}"/>'
            f"{''.join(parts)}</svg>"
        )


def _colour(rng: random.Random, low: int, high: int) -> str:
    return "#" + "".join(f"{rng.randint(low, high):02x}" for _ in range(3))


def _colours(rng: random.Random) -> tuple[str, str]:
    """Choose a ground and an ink that can be told apart."""
    light = rng.choice(["#ffffff", "#ffffff", _colour(rng, 200, 255)])
    dark = rng.choice(["#000000", "#222222", _colour(rng, 0, 90)])
    return (dark, light) if rng.random() < 0.35 else (light, dark)


def _lines(rng: random.Random, ink: str) -> Iterator[str]:
    """Lines of text from top to bottom: 10 to 72 px high, so 3 to 18 px after shrinking by 4."""
    y_px = 0.0
    while y_px < PAGE_HEIGHT_PX:
        size_px = rng.choice((10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 56, 72))
        y_px += size_px * rng.uniform(1.1, 1.5)
        words = " ".join(rng.choices(WORDS, k=rng.randint(2, 14)))
        fill = ink if rng.random() < 0.7 else _colour(rng, 0, 255)
        yield (
            f'<text x="{rng.uniform(-20, 200):.2f}" y="{y_px:.2f}" font-size="{size_px}" '
            f'font-family="{rng.choice(FAMILIES)}" fill="{fill}" '
            f'font-weight="{rng.choice(("normal", "normal", "bold"))}" '
            f'font-style="{rng.choice(("normal", "normal", "normal", "italic"))}">'
            f"{escape(words)}</text>"
        )


def _grid(rng: random.Random, ink: str) -> str:
    """Draw the rules of a table, or nothing."""
    if rng.random() < 0.6:
        return ""
    step_x_px, step_y_px = rng.randint(30, 120), rng.randint(14, 50)
    rules = [
        f"M{x} 0V{PAGE_HEIGHT_PX}" for x in range(rng.randint(0, 30), PAGE_WIDTH_PX, step_x_px)
    ]
    rules += [
        f"M0 {y}H{PAGE_WIDTH_PX}" for y in range(rng.randint(0, 30), PAGE_HEIGHT_PX, step_y_px)
    ]
    width_px = rng.choice((1, 1, 2, 3, 4))
    return f'<path d="{"".join(rules)}" stroke="{ink}" stroke-width="{width_px}" fill="none"/>'


def _bars(rng: random.Random) -> str:
    """Boxes of a chart or a user interface, or nothing."""
    boxes = []
    for _ in range(rng.choice((0, 2, 6))):
        x_px, y_px = rng.uniform(0, PAGE_WIDTH_PX), rng.uniform(0, PAGE_HEIGHT_PX)
        boxes.append(
            f'<rect x="{x_px:.1f}" y="{y_px:.1f}" width="{rng.uniform(10, 200):.1f}" '
            f'height="{rng.uniform(10, 200):.1f}" rx="{rng.choice((0, 0, 6))}" '
            f'fill="{_colour(rng, 0, 255)}"/>'
        )
    return "".join(boxes)
