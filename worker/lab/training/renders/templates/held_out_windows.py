"""Windows that training never sees: a mail program and a page of settings."""

from html import escape

from worker.lab.training.renders.pen import Pen, at, box, rules
from worker.lab.training.renders.templates.held_out import plain_words
from worker.lab.training.renders.words import NAMES, label


def mail(pen: Pen) -> str:
    """Lay out a mail program: folders, messages with sender and time, the open one."""
    rng, style = pen.rng, pen.style
    edge = f"1px solid {style.line}"
    folders = "".join(
        box(
            escape(label(rng))
            + f'<b style="float:right;color:{pen.accent()}">{rng.randint(1, 99)}</b>',
            "padding:3px 8px",
        )
        for _ in range(12)
    )
    rows = "".join(
        box(
            box(escape(rng.choice(NAMES)) + f'<span class="muted" style="float:right">{rng.randint(8, 20)}:{rng.randint(10, 59)}</span>', "font-weight:700")
            + box(plain_words(pen, 2, 4), "", kind="muted"),
            rules(padding="5px 8px", border_bottom=edge, white_space="nowrap", overflow="hidden", background=style.panel if n == 1 else "transparent"),
        )
        for n in range(8)
    )  # fmt: skip
    buttons = "".join(
        box(
            f'<i class="icon">&#{rng.randint(0xF101, 0xF22E)};</i> {escape(label(rng))}',
            rules(
                display="inline-block",
                padding="0 8px",
                margin_right="6px",
                border=edge,
                border_radius="3px",
                background=style.ground,
            ),
        )
        for _ in range(5)
    )
    message = box(plain_words(pen, 3, 5), "font-weight:700;margin-bottom:8px") + "".join(
        box(plain_words(pen, 12, 24) + ".", "margin-bottom:8px") for _ in range(6)
    )
    return (
        box(
            buttons,
            at(
                0,
                0,
                576,
                30,
                background=style.panel,
                border_bottom=edge,
                padding="4px",
                white_space="nowrap",
                overflow="hidden",
            ),
        )
        + box(
            folders, at(0, 30, 110, 354, border_right=edge, overflow="hidden", white_space="nowrap")
        )
        + box(rows, at(110, 30, 200, 354, border_right=edge, overflow="hidden"))
        + box(message, at(310, 30, 266, 354, padding="10px", overflow="hidden"))
    )


def settings(pen: Pen) -> str:
    """Lay out a page of settings: tabs above, rows of a name, a note and a switch or a button."""
    rng, style = pen.rng, pen.style
    edge = f"1px solid {style.line}"
    tabs = "".join(
        box(escape(label(rng)), rules(display="inline-block", padding="5px 14px", border_bottom=f"3px solid {pen.accent() if n == 1 else 'transparent'}"))
        for n in range(6)
    )  # fmt: skip
    rows = "".join(
        box(
            f'<i class="icon" style="font-size:18px;color:{pen.accent()};float:left;width:30px">&#{rng.randint(0xF101, 0xF22E)};</i>'
            + _control(pen)
            + box(escape(label(rng)), "font-weight:700")
            + box(plain_words(pen, 3, 6), "font-size:11px;line-height:14px;white-space:nowrap", kind="muted"),
            rules(padding="7px 12px", border_bottom=edge, height="50px", overflow="hidden", width="286px", float="left", background=rng.choice((style.ground, style.panel))),
        )
        for _ in range(14)
    )  # fmt: skip
    return box(
        tabs,
        at(
            0,
            0,
            576,
            32,
            background=style.panel,
            border_bottom=edge,
            white_space="nowrap",
            overflow="hidden",
        ),
    ) + box(rows, at(0, 32, 576, 352, overflow="hidden"))


def _control(pen: Pen) -> str:
    """Draw a switch, a button, a choice or a number between two signs, at the right."""
    rng, style = pen.rng, pen.style
    base = rules(
        float="right",
        border=f"1px solid {style.muted}",
        height="22px",
        line_height="20px",
        text_align="center",
        white_space="nowrap",
    )
    kind = rng.choice(("switch", "button", "choice", "count"))
    if kind == "switch":
        on = rng.random() < 0.5
        ground = pen.accent() if on else style.line
        knob = box(
            "",
            rules(
                width="14px",
                height="14px",
                margin=f"3px 3px 3px {19 if on else 3}px",
                background="#fff",
                border_radius="7px",
            ),
        )
        return box(
            knob,
            rules(
                float="right", width="36px", height="20px", background=ground, border_radius="10px"
            ),
        )
    if kind == "button":
        return box(
            escape(label(rng)),
            base + f";padding:0 10px;background:{pen.accent()};color:#fff;border-radius:4px",
        )
    if kind == "choice":
        return box(f"{escape(label(rng))} ▾", base + f";padding:0 8px;background:{style.ground}")
    return box(f"− {rng.randint(1, 99)} +", base + ";width:64px")
