"""Icons and logos: SVG files at many sizes, and signs of icon fonts."""

import base64
from html import escape
from pathlib import Path

from worker.lab.training.renders.pen import Pen, at, box
from worker.lab.training.renders.templates.windows import icon
from worker.lab.training.renders.words import label, word

# Each is cut out whole: a small picture with its own borders.
WHOLE_SIDES_PX = (24, 32, 48, 48, 64, 96)


def image(path: Path, css: str) -> str:
    """Show an SVG file."""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" style="{css};object-fit:contain">'


def logos(pen: Pen) -> str:
    """Lay out drawings in squares of several sizes, each a whole small picture."""
    rng, parts = pen.rng, []
    if not pen.drawings:
        return icons(pen)
    y = 0
    while y + 24 <= 384:
        side = min(rng.choice(WHOLE_SIDES_PX), 384 - y)
        for column in range(576 // side):
            ground = rng.choice(
                (pen.style.ground, pen.style.ground, "#ffffff", pen.style.panel, pen.accent())
            )
            margin = rng.choice((0, 0, side // 12, side // 6))
            drawn = image(rng.choice(pen.drawings), "width:100%;height:100%;display:block")
            css = at(
                column * side,
                y,
                side,
                side,
                background=ground,
                padding=f"{margin}px",
                overflow="hidden",
            )
            parts.append(box(drawn, css, kind="whole"))
        y += side
    return "".join(parts)


def icons(pen: Pen) -> str:
    """Lay out signs of an icon font and drawings beside each other, with their names."""
    rng, style, parts = pen.rng, pen.style, []
    step = rng.choice((48, 64, 72, 96))
    for row in range(384 // step + 1):
        for column in range(576 // step):
            x, y = column * step, row * step
            if pen.drawings and rng.random() < 0.4:
                side = step - 24
                parts.append(
                    box(
                        image(rng.choice(pen.drawings), f"width:{side}px;height:{side}px"),
                        at(x + 12, y + 4, side, side),
                    )
                )
            else:
                size = rng.choice((14, 16, 20, 24, 32))
                colour = rng.choice((style.ink, style.muted, pen.accent()))
                parts.append(
                    box(
                        icon(pen),
                        at(
                            x,
                            y + 4,
                            step,
                            step - 20,
                            font_size=f"{size}px",
                            line_height=f"{step - 20}px",
                            text_align="center",
                            color=colour,
                        ),
                        "i",
                        "icon",
                    )
                )
            name = escape(rng.choice((label(rng), word(rng))))
            parts.append(
                box(
                    name,
                    at(
                        x,
                        y + step - 18,
                        step,
                        14,
                        font_size=f"{rng.choice((9, 10, 11))}px",
                        line_height="14px",
                        text_align="center",
                        overflow="hidden",
                        white_space="nowrap",
                    ),
                )
            )
    return "".join(parts)
