"""Tables, forms, application windows, dashboards."""

import random
from collections.abc import Callable
from html import escape

from worker.lab.training.renders.pen import Pen, at, box, rules
from worker.lab.training.renders.words import date, label, name, number, title, word, words


def table(pen: Pen) -> str:
    """Lay out a table: a spreadsheet with heads of rows and columns, or one as in a report."""
    rng, style = pen.rng, pen.style
    sheet = rng.random() < 0.4
    columns = rng.randint(3, 8)
    size = rng.choice((9, 10, 11, 11, 12, 12, 13, 14, 16))
    row_px = size + rng.randint(5, 12)
    border = f"{rng.choice((1, 1, 1, 2))}px solid {rng.choice((style.line, style.line, style.ink))}"
    head = rng.choice((style.panel, pen.accent(), style.ground))
    head_ink = "#ffffff" if head in style.accents else style.ink
    lines = rng.choice(("all", "rows", "rows", "none"))
    cell_border = {"all": f"border:{border}", "rows": f"border-bottom:{border}", "none": ""}[lines]
    rows = []
    if sheet:
        letters = "".join(
            _cell("ABCDEFGH"[n], f"{cell_border};background:{style.panel};text-align:center")
            for n in range(columns)
        )
        rows.append(_row(_cell("", cell_border) + letters, row_px))
    heads = [
        _cell(f"<b>{escape(label(rng))}</b>", f"{cell_border};background:{head};color:{head_ink}")
        for _ in range(columns)
    ]
    rows.append(_row((_cell("1", cell_border) if sheet else "") + "".join(heads), row_px))
    kinds = [
        rng.choice(("number", "number", "word", "date", "name", "state")) for _ in range(columns)
    ]
    striped = rng.random() < 0.4
    for number_of_row in range(384 // row_px):
        ground = style.panel if striped and number_of_row % 2 else "transparent"
        cells = [
            _cell(
                _value(pen, kind),
                f"{cell_border};background:{ground};text-align:{'right' if kind == 'number' else 'left'}",
            )
            for kind in kinds
        ]
        first = (
            _cell(str(number_of_row + 2), f"{cell_border};background:{style.panel}")
            if sheet
            else ""
        )
        rows.append(_row(first + "".join(cells), row_px))
    css = at(
        rng.choice((0, 12, 20)),
        rng.choice((0, 10, 24)),
        rng.choice((552, 620, 480)),
        380,
        font_size=f"{size}px",
        line_height=f"{size + 3}px",
    )
    return box(box("".join(rows), "width:100%", "table"), css)


def _row(cells: str, height_px: int) -> str:
    return f'<tr style="height:{height_px}px">{cells}</tr>'


def _cell(content: str, css: str) -> str:
    return box(content, css + ";padding:0 6px;white-space:nowrap", "td")


def _value(pen: Pen, kind: str) -> str:
    rng = pen.rng
    if kind == "state":
        css = rules(
            background=pen.accent(),
            color="#fff",
            padding="0 5px",
            border_radius=f"{pen.style.radius_px}px",
        )
        return box(rng.choice(("done", "open", "late", "OK", "N/A")), css, "span")
    makers: dict[str, Callable[[random.Random], str]] = {
        "number": number,
        "word": label,
        "date": date,
        "name": name,
    }
    return escape(makers[kind](rng))


def form(pen: Pen) -> str:
    """Lay out one or two dialogs over a page: fields, boxes to tick, sliders, buttons."""
    rng = pen.rng
    count = rng.choice((1, 2))
    width = (rng.randint(300, 540), rng.randint(230, 272))[count - 1]
    return "".join(_dialog(pen, 12 + n * 286, rng.randint(4, 20), width) for n in range(count))


def _dialog(pen: Pen, x_px: int, y_px: int, width_px: int) -> str:
    rng, style = pen.rng, pen.style
    fields, at_y = [], 40
    while at_y < 290:
        fields.append(_field(pen, at_y, width_px))
        at_y += rng.choice((30, 34, 40))
    buttons = "".join(
        box(escape(text), at(width_px - 90 * (n + 1), 318, 80, 24, background=back, color=ink, border=f"1px solid {style.line}",
            text_align="center", line_height="22px", border_radius=f"{style.radius_px}px", overflow="hidden"))
        for n, (text, back, ink) in enumerate(((rng.choice(("OK", "Save", "Send")), pen.accent(), "#fff"), ("Cancel", style.ground, style.ink)))
    )  # fmt: skip
    bar = box(
        escape(title(rng)) + '<span style="float:right">✕</span>',
        at(
            0,
            0,
            width_px,
            28,
            background=rng.choice((style.panel, pen.accent())),
            padding="0 8px",
            line_height="28px",
            overflow="hidden",
        ),
    )
    shadow = rng.choice(("none", "0 4px 12px rgba(0,0,0,.35)"))
    css = at(
        x_px,
        y_px,
        width_px,
        352,
        background=style.ground,
        border=f"1px solid {style.line}",
        border_radius=f"{style.radius_px}px",
        box_shadow=shadow,
        overflow="hidden",
    )
    return box(bar + "".join(fields) + buttons, css)


def _field(pen: Pen, y_px: int, width_px: int) -> str:
    rng, style = pen.rng, pen.style
    text = escape(label(rng))
    kind = rng.choice(("line", "line", "tick", "choice", "radio", "slide", "list"))
    if kind == "tick":
        mark = rng.choice(("", "✓"))
        square = box(
            mark,
            rules(
                display="inline-block",
                width="14px",
                height="14px",
                border=f"1px solid {style.muted}",
                line_height="12px",
                font_size="11px",
                text_align="center",
                margin_right="8px",
            ),
            "span",
        )
        return box(square + text, at(16, y_px, width_px - 32, 22, line_height="20px"))
    if kind == "radio":
        return "".join(
            box(
                "",
                at(
                    16 + 70 * n,
                    y_px + 4,
                    12,
                    12,
                    border=f"{rng.choice((1, 4))}px solid {pen.accent()}",
                    border_radius="6px",
                ),
            )
            + box(escape(word(rng)), at(34 + 70 * n, y_px, 50, 20, overflow="hidden"))
            for n in range(3)
        )
    if kind == "slide":
        rail = box("", at(120, y_px + 9, width_px - 140, 3, background=style.line))
        knob = box(
            "",
            at(
                120 + rng.randint(0, width_px - 156),
                y_px + 3,
                14,
                14,
                background=pen.accent(),
                border_radius="7px",
            ),
        )
        return box(text, at(16, y_px, 100, 20, overflow="hidden")) + rail + knob
    caret = '<span style="float:right">▾</span>' if kind in {"choice", "list"} else ""
    entry = box(
        caret + escape(words(rng, 1, 3)),
        at(
            120,
            y_px - 2,
            width_px - 140,
            22,
            background=style.panel,
            border=f"1px solid {style.line}",
            padding="0 6px",
            line_height="20px",
            overflow="hidden",
            border_radius=f"{min(4, style.radius_px)}px",
        ),
    )
    return box(text, at(16, y_px, 100, 20, overflow="hidden")) + entry


def application(pen: Pen) -> str:
    """Lay out a window: menu, tools, a tree of folders, a list and a status line."""
    rng, style = pen.rng, pen.style
    menu = "".join(
        box(escape(label(rng)), "display:inline-block;padding:0 8px", "span") for _ in range(7)
    )
    tools = "".join(
        box(icon(pen), at(8 + 26 * n, 2, 24, 24, font_size="16px", line_height="24px", text_align="center", color=rng.choice((style.ink, pen.accent()))), "i", "icon")
        for n in range(20)
    )  # fmt: skip
    side_px = rng.randint(110, 170)
    row_px = rng.choice((16, 18, 20, 24))
    tree = "".join(
        box(rng.choice("▸▾ ") + " " + escape(label(rng)), at(6 + 12 * rng.randint(0, 2), 6 + row_px * n, 140, row_px, white_space="nowrap"))
        for n in range(320 // row_px)
    )  # fmt: skip
    chosen = rng.randrange(8)
    rows = "".join(
        box(
            f'<i class="icon">{icon(pen)}</i> {escape(words(rng, 1, 4))}<span style="position:absolute;right:8px">{date(rng)}</span>',
            at(0, 4 + row_px * n, 576 - side_px, row_px, padding="0 8px", white_space="nowrap",
               background=pen.accent() if n == chosen else "transparent", color="#fff" if n == chosen else style.ink),
        )
        for n in range(320 // row_px)
    )  # fmt: skip
    edge = f"1px solid {style.line}"
    return (
        box(
            menu,
            at(
                0,
                0,
                576,
                22,
                background=style.panel,
                line_height="22px",
                white_space="nowrap",
                overflow="hidden",
            ),
        )
        + box(tools, at(0, 22, 576, 28, background=style.panel, border_bottom=edge))
        + box(tree, at(0, 50, side_px, 316, border_right=edge, overflow="hidden"))
        + box(rows, at(side_px, 50, 576 - side_px, 316, overflow="hidden"))
        + box(
            escape(words(rng, 3, 8)),
            at(
                0,
                366,
                576,
                18,
                background=style.panel,
                border_top=edge,
                font_size="10px",
                line_height="17px",
                padding="0 8px",
            ),
        )
    )


def icon(pen: Pen) -> str:
    """Choose a sign of the page's icon font: all of them have their signs in a private area."""
    first, last = (0xF0001, 0xF1A00) if pen.style.icons.startswith("Material") else (0xF000, 0xF2E0)
    return f"&#{pen.rng.randint(first, last)};"


def dashboard(pen: Pen) -> str:
    """Lay out cards with a large figure, a small line and a bar."""
    rng, style = pen.rng, pen.style
    columns = rng.choice((2, 3, 4))
    width = 576 // columns
    cards = []
    for row in range(3):
        for column in range(columns):
            big_px = rng.choice((20, 24, 28, 32))
            inside = (
                box(escape(label(rng)), at(10, 8, width - 30, 18, overflow="hidden"), kind="muted")
                + box(
                    escape(number(rng)),
                    at(
                        10,
                        28,
                        width - 30,
                        40,
                        font_size=f"{big_px}px",
                        line_height="38px",
                        font_weight=rng.choice((400, 700)),
                        color=rng.choice((style.ink, pen.accent())),
                    ),
                )
                + box(_spark(pen, width - 34), at(10, 72, width - 34, 34))
            )
            css = at(
                column * width + 6,
                row * 126 + 6,
                width - 12,
                116,
                background=style.panel,
                border=f"1px solid {style.line}",
                border_radius=f"{style.radius_px}px",
                overflow="hidden",
            )
            cards.append(box(inside, css))
    return "".join(cards)


def _spark(pen: Pen, width_px: int) -> str:
    rng = pen.rng
    if rng.random() < 0.4:
        share = rng.randint(10, width_px)
        rail = box("", at(0, 14, width_px, 6, background=pen.style.line, border_radius="3px"))
        return rail + box("", at(0, 14, share, 6, background=pen.accent(), border_radius="3px"))
    points = " ".join(f"{n * width_px // 12},{rng.randint(2, 32)}" for n in range(13))
    return f'<svg width="{width_px}" height="34"><polyline points="{points}" fill="none" stroke="{pen.accent()}" stroke-width="{rng.choice((1, 1.5, 2))}"/></svg>'
