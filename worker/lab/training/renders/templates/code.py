"""Source code in editors and sessions in terminals."""

from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.styles import get_style_by_name

from worker.lab.training.renders.pen import Pen, at, box, rules
from worker.lab.training.renders.snippets import snippet
from worker.lab.training.renders.words import ENGLISH, date, number, word

DARK_THEMES = (
    "monokai", "dracula", "github-dark", "gruvbox-dark", "nord", "one-dark", "solarized-dark",
    "material", "vim", "native", "fruity",
)  # fmt: skip
LIGHT_THEMES = (
    "default", "vs", "xcode", "tango", "friendly", "solarized-light", "gruvbox-light", "pastie",
    "trac", "emacs", "bw", "borland",
)  # fmt: skip


def editor(pen: Pen) -> str:
    """Lay out highlighted code with line numbers, tabs above and a bar below, or bare."""
    rng = pen.rng
    theme = rng.choice(DARK_THEMES if pen.style.dark else LIGHT_THEMES)
    ground = get_style_by_name(theme).background_color
    size = rng.choice((9, 10, 11, 12, 12, 13, 13, 14, 15, 16, 18, 20))
    line_px = round(size * rng.uniform(1.2, 1.6))
    top_px = rng.choice((0, 26))
    body = coloured_code(pen, theme, size=size, line_px=line_px, lines=384 // line_px + 1)
    left_px = rng.choice((8, 36, 36))
    numbers = "\n".join(str(n + rng.choice((1, 1, 95))) for n in range(384 // line_px + 1))
    gutter = box(
        numbers,
        at(0, top_px + 4, 28, 380, font_size=f"{size}px", line_height=f"{line_px}px",
           text_align="right", color="#888"),
        kind="mono",
    )  # fmt: skip
    page = box(body, at(left_px, top_px + 4, 900, 380))
    tabs = box(
        "".join(
            box(f"{rng.choice(ENGLISH)}.{rng.choice(('py', 'js', 'c', 'rs', 'txt', 'md'))}",
                rules(display="inline-block", padding="4px 12px", font_size="11px",
                      line_height="18px", border_right=f"1px solid {pen.style.line}"))
            for _ in range(4)
        ),
        at(0, 0, 576, 26, background=pen.style.panel, color=pen.style.ink),
    )  # fmt: skip
    shown = (gutter if left_px > 8 else "") + page + (tabs if top_px else "")
    return box(shown, at(0, 0, 576, 384, background=ground, overflow="hidden"))


def coloured_code(pen: Pen, theme: str, *, size: int, line_px: int, lines: int) -> str:
    """Highlight as many snippets as fill `lines` lines."""
    parts: list[str] = []
    while sum(part.count("\n") for part in parts) < lines:
        language, code = snippet(pen.rng)
        formatter = HtmlFormatter(noclasses=True, style=theme, nowrap=True)
        parts.append(highlight(code, get_lexer_by_name(language), formatter) + "\n")
    css = rules(font_size=f"{size}px", line_height=f"{line_px}px", tab_size="4")
    colour = "#e8e8e8" if theme in DARK_THEMES else "#111"
    return box("".join(parts), css + f";color:{colour}", "pre", "mono")


def terminal(pen: Pen) -> str:
    """Lay out a session: prompts, lists of files, logs, bars of progress."""
    rng = pen.rng
    ground, ink = rng.choice(
        (("#000000", "#dddddd"), ("#1e1e1e", "#cccccc"), ("#300a24", "#ffffff"),
         ("#002b36", "#93a1a1"), ("#ffffff", "#222222"), ("#0c0c0c", "#33ff66"))
    )  # fmt: skip
    size = rng.choice((10, 11, 12, 12, 13, 14, 15, 16))
    line_px = size + rng.choice((2, 3, 4, 5))
    rows = [_session_line(pen) for _ in range(384 // line_px)]
    css = at(
        0, 0, 576, 384, background=ground, color=ink, padding="4px 6px", font_size=f"{size}px",
        line_height=f"{line_px}px", overflow="hidden",
    )  # fmt: skip
    return box("\n".join(rows), css, "pre", "mono")


def _session_line(pen: Pen) -> str:
    rng = pen.rng
    chance = rng.random()
    if chance < 0.2:
        place = f"{rng.choice(ENGLISH)}@{rng.choice(ENGLISH)}"
        command = rng.choice(
            ("ls -la", "git status", "make test", "cat log.txt | grep -v ok", "cd")
        )
        return f'<b style="color:#4ec94e">{place}</b>:<b style="color:#5c8dff">~/{rng.choice(ENGLISH)}</b>$ {escape(command)}'
    if chance < 0.45:
        return f"-rw-r--r-- 1 {rng.choice(ENGLISH):8.8} staff {rng.randint(1, 10**7):8d} {date(rng)} {rng.choice(ENGLISH)}.{rng.choice(('txt', 'c', 'png'))}"
    if chance < 0.7:
        level, colour = rng.choice((("INFO", "#4ea0e0"), ("WARN", "#d7a021"), ("ERROR", "#e0524e")))
        text = " ".join(word(rng) for _ in range(rng.randint(3, 9)))
        return f'{date(rng)} <span style="color:{colour}">{level:5}</span> {escape(text)}'
    if chance < 0.8:
        done = rng.randint(0, 20)
        return f"[{'#' * done}{'.' * (20 - done)}] {5 * done:3d}%  {number(rng)}"
    if chance < 0.9:
        return "│ " + " │ ".join(f"{rng.choice(ENGLISH):10.10}" for _ in range(4)) + " │"
    return ""
