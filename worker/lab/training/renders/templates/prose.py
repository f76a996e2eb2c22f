"""Running text, slides, text of other scripts, formulas."""

import random
from html import escape

from worker.lab.training.renders.pen import Pen, at, box, rules
from worker.lab.training.renders.words import foreign, label, sentence, title, words


def article(pen: Pen) -> str:
    """Lay out headings, paragraphs and lists in one to three columns."""
    rng, style = pen.rng, pen.style
    blocks = []
    for _ in range(16):
        kind = rng.choice(("heading", "paragraph", "paragraph", "paragraph", "list", "quote"))
        blocks.append(_BLOCKS[kind](pen))
    columns = rng.choice((1, 1, 2, 3))
    css = rules(
        padding=f"{rng.randint(6, 28)}px", column_count=columns, column_gap="18px", height="100%"
    )
    kind = "serif" if rng.random() < 0.45 else ""
    base = rng.choice((style.base_px, style.base_px, style.base_px + 3))
    return box(
        "".join(blocks), css + f";font-size:{base}px;line-height:{round(base * 1.4)}px", kind=kind
    )


def _heading(pen: Pen) -> str:
    size = pen.rng.choice((16, 18, 20, 24, 28))
    colour = pen.accent() if pen.rng.random() < 0.3 else "inherit"
    css = rules(
        font_size=f"{size}px", line_height=f"{size + 6}px", color=colour, margin="8px 0 4px",
        font_weight=pen.rng.choice((400, 700, 700)),
    )  # fmt: skip
    return box(escape(title(pen.rng)), css, "h2")


def _paragraph(pen: Pen) -> str:
    css = rules(
        margin="0 0 8px",
        font_style=pen.rng.choice(("normal",) * 5 + ("italic",)),
        font_weight=pen.rng.choice((400,) * 5 + (700,)),
        color=pen.rng.choice(("inherit",) * 5 + (pen.style.muted, pen.accent())),
        text_align=pen.rng.choice(("left", "left", "justify")),
    )
    return box(" ".join(_run(pen) for _ in range(pen.rng.randint(1, 4))), css, "p")


def _run(pen: Pen) -> str:
    """Write one sentence, some words of it stressed, linked or set as code."""
    text = escape(sentence(pen.rng))
    if pen.rng.random() < 0.3:
        stressed = escape(words(pen.rng, 1, 3))
        form = pen.rng.choice(
            (
                f"<b>{stressed}</b>",
                f"<i>{stressed}</i>",
                f'<u style="color:{pen.accent()}">{stressed}</u>',
                f'<span class="mono" style="background:{pen.style.panel}">{stressed}</span>',
            )
        )
        text += " " + form
    return text


def _list(pen: Pen) -> str:
    items = "".join(
        f"<li>{escape(words(pen.rng, 2, 9))}</li>" for _ in range(pen.rng.randint(2, 5))
    )
    return box(items, "margin:0 0 8px;padding-left:22px", pen.rng.choice(("ul", "ol")))


def _quote(pen: Pen) -> str:
    css = rules(
        border_left=f"{pen.rng.choice((2, 3, 4))}px solid {pen.accent()}", padding="2px 10px",
        margin="0 0 8px", background=pen.style.panel,
    )  # fmt: skip
    return box(escape(sentence(pen.rng)), css)


_BLOCKS = {"heading": _heading, "paragraph": _paragraph, "list": _list, "quote": _quote}


def slide(pen: Pen) -> str:
    """Lay out a slide: a title, a few large points, a bar of colour, a footer."""
    rng, style = pen.rng, pen.style
    size = rng.choice((26, 30, 34, 40))
    head = box(
        escape(title(rng)),
        at(24, 18, 528, 60, font_size=f"{size}px", line_height=f"{size + 4}px",
           font_weight=rng.choice((300, 400, 700)), color=rng.choice((style.ink, pen.accent()))),
    )  # fmt: skip
    points = []
    for number in range(rng.randint(3, 6)):
        point_px = rng.choice((14, 16, 18, 20, 22))
        css = at(
            40,
            84 + 46 * number,
            500,
            46,
            font_size=f"{point_px}px",
            line_height=f"{point_px + 4}px",
        )
        mark = f'<span style="color:{pen.accent()}">{rng.choice("•–▪►✓◦")}</span> '
        points.append(box(mark + escape(words(rng, 2, 9)), css))
    bar = box(
        "", at(0, 0, *rng.choice(((576, 8), (10, 384), (576, 72), (0, 0))), background=pen.accent())
    )
    foot = box(
        escape(words(rng, 2, 5)),
        at(24, 362, 528, 16, font_size="10px", line_height="14px"),
        kind="muted",
    )
    return bar + head + "".join(points) + foot


def scripts(pen: Pen) -> str:
    """Lay out lines of many scripts, in sizes from 9 to 30 px."""
    rows, y_px = [], 6
    while y_px < 370:
        size = pen.rng.choice((9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 30))
        text = foreign(pen.rng, 3, 8) if pen.rng.random() < 0.75 else words(pen.rng, 3, 9)
        css = at(
            pen.rng.randint(2, 40), y_px, 540, size + 8, font_size=f"{size}px",
            line_height=f"{size + 8}px", white_space="nowrap",
            color=pen.rng.choice((pen.style.ink, pen.style.ink, pen.accent(), pen.style.muted)),
            font_weight=pen.rng.choice((400, 400, 700)),
        )  # fmt: skip
        rows.append(box(escape(text), css, kind=pen.rng.choice(("", "", "serif"))))
        y_px += size + pen.rng.randint(7, 14)
    return "".join(rows)


def formulas(pen: Pen) -> str:
    """Lay out displayed formulas (MathML) with a line of text between them."""
    rows, y_px = [], 8
    while y_px < 340:
        size = pen.rng.choice((14, 16, 18, 20, 24, 28))
        rows.append(
            box(
                escape(sentence(pen.rng)), at(16, y_px, 540, 18, white_space="nowrap"), kind="serif"
            )
        )
        css = at(pen.rng.randint(20, 120), y_px + 22, 440, size * 3, font_size=f"{size}px")
        rows.append(box(f"<math>{formula(pen.rng)}</math>", css, kind="math"))
        y_px += 30 + size * 3
    return "".join(rows)


def formula(rng: random.Random, depth: int = 0) -> str:
    """Write a MathML row of terms; at most two deep."""
    terms = [_term(rng, depth) for _ in range(rng.randint(2, 4))]
    signs = [f"<mo>{escape(rng.choice('+−=<≤·×≈→'))}</mo>" for _ in terms]
    return (
        "<mrow>"
        + "".join(term + sign for term, sign in zip(terms, signs, strict=True))[: -len(signs[-1])]
        + "</mrow>"
    )


def _term(rng: random.Random, depth: int) -> str:
    letter = f"<mi>{rng.choice('abcdfghknpqrstuvwxyzαβγδθλμπσφωΓΔΣΩ')}</mi>"
    if depth >= 2:
        return rng.choice((letter, f"<mn>{rng.randint(0, 99)}</mn>"))
    inner = formula(rng, depth + 1)
    return rng.choice(
        (
            letter,
            f"<mn>{rng.randint(0, 99)}</mn>",
            f"<msub>{letter}<mi>{rng.choice('ijkn0')}</mi></msub>",
            f"<msup>{letter}<mn>{rng.randint(2, 9)}</mn></msup>",
            f"<mfrac>{inner}{formula(rng, depth + 1)}</mfrac>",
            f"<msqrt>{inner}</msqrt>",
            f"<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>{letter}",
            f"<msubsup><mo>∫</mo><mn>0</mn><mi>∞</mi></msubsup>{letter}<mi>d</mi><mi>x</mi>",
            f"<mo>(</mo>{inner}<mo>)</mo>",
            f"<mtext>{escape(label(rng))}</mtext>",
        )
    )
