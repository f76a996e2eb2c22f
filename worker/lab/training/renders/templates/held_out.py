"""Pages that training never sees: the project's own validation set is made of them."""

import base64
from html import escape
from itertools import pairwise

from worker.lab.training.renders.pen import Pen, at, box, rules
from worker.lab.training.renders.snippets import snippet
from worker.lab.training.renders.templates.charts import svg, text
from worker.lab.training.renders.words import ENGLISH, NAMES, date, label, number, title

# Cap height is about 0.7 of the font size: 8 to 14 px of capitals.
LETTER_SIZES_PX = (11, 12, 13, 14, 16, 18, 20)


def plain_words(pen: Pen, least: int, most: int) -> str:
    """Write words that a reader of letters can be held to."""
    run = pen.rng.choices(ENGLISH, k=pen.rng.randint(least, most))
    return escape(" ".join(run)).capitalize()


def letter(pen: Pen) -> str:
    """Lay out a letter: address, date, subject, paragraphs, all of one size."""
    rng = pen.rng
    size = rng.choice(LETTER_SIZES_PX)
    parts = [
        rng.choice(NAMES),
        f"{rng.randint(1, 99)} {rng.choice(ENGLISH).title()} Street",
        date(rng),
    ]
    head = "<br>".join(escape(part) for part in parts)
    subject = box(plain_words(pen, 3, 6), f"font-weight:700;margin:{size}px 0")
    paragraphs = "".join(
        box(
            ". ".join(plain_words(pen, 5, 12) for _ in range(3)) + ".",
            f"margin-bottom:{size}px",
            "p",
        )
        for _ in range(5)
    )
    css = rules(padding="16px 24px", font_size=f"{size}px", line_height=f"{round(size * 1.4)}px")
    return box(head + subject + paragraphs, css, kind=rng.choice(("", "serif")))


def notebook(pen: Pen) -> str:
    """Lay out cells of a notebook: numbered prompts, code in grey boxes, results below."""
    rng, style, parts, y = pen.rng, pen.style, [], 8
    size = rng.choice((11, 12, 13, 14))
    while y < 370:
        _, code = snippet(rng)
        lines = code.split("\n")[: rng.randint(3, 8)]
        height = len(lines) * (size + 4) + 10
        parts.append(
            box(
                f"In [{rng.randint(1, 40)}]:",
                at(
                    4,
                    y + 5,
                    60,
                    18,
                    color=pen.accent(),
                    font_size=f"{size}px",
                    line_height=f"{size + 4}px",
                ),
                kind="mono",
            )
        )
        parts.append(
            box(
                escape("\n".join(lines)),
                at(
                    72,
                    y,
                    496,
                    height,
                    background=style.panel,
                    border=f"1px solid {style.line}",
                    padding="4px 8px",
                    font_size=f"{size}px",
                    line_height=f"{size + 4}px",
                    overflow="hidden",
                ),
                kind="mono",
            )
        )
        parts.append(
            box(
                escape(f"{rng.choice(ENGLISH)} = {number(rng)}"),
                at(72, y + height + 4, 400, 20, font_size=f"{size}px", line_height=f"{size + 4}px"),
                kind="mono",
            )
        )
        y += height + 30
    return "".join(parts)


def invoice(pen: Pen) -> str:
    """Lay out an invoice: items with quantities and prices between double rules, a sum."""
    rng, style = pen.rng, pen.style
    size = rng.choice((11, 12, 13, 14))
    rows = "".join(
        f'<tr style="height:{size + 9}px"><td>{n + 1}</td><td>{plain_words(pen, 1, 3)}</td><td>{date(rng)}</td>'
        f'<td style="text-align:right">{rng.randint(1, 40)}</td><td style="text-align:right">{rng.uniform(1, 900):.2f}</td></tr>'
        for n in range(rng.randint(8, 13))
    )  # fmt: skip
    head = "".join(
        f"<th style='text-align:left'>{name}</th>"
        for name in ("No.", "Item", "Date", "Count", "Price")
    )
    total = box(
        f"Total {rng.uniform(100, 9000):,.2f}",
        f"text-align:right;font-weight:700;border-top:3px double {style.ink};padding:6px 0",
    )
    body = box(
        f'<tr style="border-bottom:2px solid {style.ink}">{head}</tr>{rows}', "width:100%", "table"
    )
    name = box(escape(title(rng)), f"font-size:22px;line-height:30px;color:{pen.accent()}")
    return box(
        name + body + total,
        rules(padding="12px 28px", font_size=f"{size}px", line_height=f"{size + 5}px"),
    )


def tree(pen: Pen) -> str:
    """Draw an organisation: one above, three below, three below each, joined by square lines."""
    rng, style, parts = pen.rng, pen.style, []
    levels = [
        [(228, 16)],
        [(36 + 192 * n, 140) for n in range(3)],
        [(6 + 96 * n, 280) for n in range(6)],
    ]
    for above, below in pairwise(levels):
        for n, (x, y) in enumerate(below):
            top_x, top_y = above[n * len(above) // len(below)]
            parts.append(
                f'<path d="M{top_x + 60}.5 {top_y + 50}v30H{x + 42}.5V{y}" fill="none" stroke="{style.muted}"/>'
            )
    for level, places in enumerate(levels):
        width = (120, 110, 84)[level]
        for x, y in places:
            parts.append(
                f'<rect x="{x}.5" y="{y}.5" width="{width}" height="50" rx="4" fill="{style.panel}" stroke="{pen.accent()}"/>'
            )
            parts.append(
                text(
                    x + width // 2,
                    y + 22,
                    rng.choice(ENGLISH).capitalize(),
                    12,
                    style.ink,
                    'text-anchor="middle" font-weight="700"',
                )
            )
            parts.append(
                text(
                    x + width // 2,
                    y + 38,
                    rng.choice(ENGLISH),
                    10,
                    style.muted,
                    'text-anchor="middle"',
                )
            )
    return svg("".join(parts))


def states(pen: Pen) -> str:
    """Draw circles with names and curved arrows between them."""
    rng, style, parts = pen.rng, pen.style, []
    places = [
        (90 + 130 * c + rng.randint(-20, 20), 80 + 200 * r + rng.randint(-20, 20))
        for r in range(2)
        for c in range(4)
    ]
    for n, (x, y) in enumerate(places):
        to_x, to_y = rng.choice(places)
        bend = rng.randint(-60, 60)
        parts.append(
            f'<path d="M{x} {y}Q{(x + to_x) // 2 + bend} {(y + to_y) // 2 + bend} {to_x} {to_y}" fill="none" stroke="{style.ink}" stroke-width="{rng.choice((1, 1.5))}"/>'
        )
        parts.append(
            text(
                (x + to_x) // 2 + bend // 2,
                (y + to_y) // 2 + bend // 2 - 4,
                rng.choice(ENGLISH),
                10,
                style.ink,
            )
        )
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="34" fill="{style.ground}" stroke="{pen.accent()}" stroke-width="2"/>'
        )
        parts.append(
            text(x, y + 4, f"{rng.choice(ENGLISH)[:7]}{n}", 11, style.ink, 'text-anchor="middle"')
        )
    return svg("".join(parts))


def areas(pen: Pen) -> str:
    """Draw areas over each other with a scale on the right, and boxes with whiskers."""
    rng, style = pen.rng, pen.style
    parts = [text(30, 28, title(rng), 17, style.ink)]
    for one in range(3):
        base = 200 - 40 * one
        points = " ".join(f"{30 + 10 * n},{base + rng.randint(-24, 24)}" for n in range(27))
        parts.append(
            f'<polygon points="30,240 {points} 290,240" fill="{style.accents[one]}" fill-opacity="0.75" stroke="{style.ink}" stroke-width="0.5"/>'
        )
    for n in range(6):
        x, low, high = 330 + 38 * n, rng.randint(180, 230), rng.randint(60, 120)
        parts.append(
            f'<path d="M{x + 10}.5 {high - 20}V{low + 10}M{x + 4} {high - 20}.5h12M{x + 4} {low + 10}.5h12" stroke="{style.ink}"/>'
        )
        parts.append(
            f'<rect x="{x}.5" y="{high}.5" width="20" height="{low - high}" fill="{pen.accent()}" stroke="{style.ink}"/>'
        )
        parts.append(
            f'<path d="M{x} {(low + high) // 2}.5h20" stroke="{style.ground}" stroke-width="2"/>'
        )
        parts.append(text(x + 10, 262, f"G{n + 1}", 10, style.ink, 'text-anchor="middle"'))
    for tick in range(7):
        parts.append(text(296, 244 - 30 * tick, f"{tick * 25}", 10, style.muted))
        parts.append(text(30 + 40 * tick, 262, f"{2018 + tick}", 10, style.muted))
    parts += [
        f'<rect x="{40 + 100 * n}" y="300" width="10" height="10" fill="{style.accents[n]}"/>'
        + text(56 + 100 * n, 309, label(rng), 10, style.ink)
        for n in range(5)
    ]
    return svg("".join(parts))


def emblems(pen: Pen) -> str:
    """Lay out one drawing alone, on nothing: its ground stays clear."""
    rng = pen.rng
    if not pen.drawings:
        return ""
    data = base64.b64encode(rng.choice(pen.drawings).read_bytes()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" style="{at(0, 0, 96, 96)};object-fit:contain">'
