"""Colours, typefaces and measures of one page, and the document around its content."""

import colorsys
import random
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from worker.lab.training.renders import fonts

PAGE_WIDTH_PX = 576  # CSS pixels; ×4 of it is drawn in one screenshot
PAGE_HEIGHT_PX = 384  # CSS pixels


@dataclass(frozen=True)
class Style:
    """One look; colours as CSS has them, sizes in whole CSS pixels so that both scales agree."""

    dark: bool
    ground: str
    panel: str
    ink: str
    muted: str
    line: str
    accents: tuple[str, ...]
    sans: str
    serif: str
    mono: str
    icons: str
    base_px: int
    radius_px: int


@dataclass(frozen=True)
class Pen:
    """What a template draws with: chance, a look, and the SVG files of icons and logos."""

    rng: random.Random
    style: Style
    drawings: Sequence[Path] = ()

    def accent(self) -> str:
        """Choose one of the page's colours."""
        return self.rng.choice(self.style.accents)


def style_of(rng: random.Random, *, held_out: bool) -> Style:
    """Choose a look; `held_out` takes the typefaces that training never sees."""
    dark = rng.random() < 0.35
    hue = rng.random()
    tint = rng.choice((0.0, 0.0, 0.05, 0.25))
    lightness = rng.uniform(0.04, 0.2) if dark else rng.choice((1.0, 1.0, rng.uniform(0.88, 1.0)))
    step = 0.06 if dark else -0.05
    ink = rng.uniform(0.82, 1.0) if dark else rng.uniform(0.0, 0.22)
    return Style(
        dark=dark,
        ground=_colour(hue, lightness, tint),
        panel=_colour(hue, lightness + step, tint),
        ink=_colour(hue, ink, tint / 2),
        muted=_colour(hue, (ink + lightness) / 2, tint / 2),
        line=_colour(hue, lightness + 3 * step, tint),
        accents=_accents(rng, dark=dark),
        **_families(rng, held_out=held_out),
        base_px=rng.choice((10, 11, 12, 12, 13, 13, 14, 14, 15, 16, 18)),
        radius_px=rng.choice((0, 0, 2, 4, 8)),
    )


def _colour(hue: float, lightness: float, saturation: float) -> str:
    rgb = colorsys.hls_to_rgb(hue % 1, min(1.0, max(0.0, lightness)), saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


def _accents(rng: random.Random, *, dark: bool) -> tuple[str, ...]:
    """Colours that lie apart from each other, strong or pale, on dark or light ground."""
    first, saturation = rng.random(), rng.choice((0.4, 0.65, 0.9))
    middle = 0.62 if dark else 0.45
    return tuple(
        _colour(first + turn / 6, middle + rng.uniform(-0.12, 0.12), saturation)
        for turn in range(6)
    )


def _families(rng: random.Random, *, held_out: bool) -> dict[str, str]:
    if held_out:
        choices = {
            "sans": fonts.HELD_OUT_SANS,
            "serif": fonts.HELD_OUT_SERIF,
            "mono": fonts.HELD_OUT_MONO,
            "icons": fonts.HELD_OUT_ICONS,
        }
    else:
        choices = {
            "sans": fonts.SANS, "serif": fonts.SERIF, "mono": fonts.MONO, "icons": fonts.ICONS,
        }  # fmt: skip
    return {role: rng.choice(families) for role, families in choices.items()}


def document(style: Style, body: str) -> str:
    """Make the whole page; nothing in it is loaded from elsewhere, and nothing moves."""
    fallback = ",".join(f"'{family}'" for family in fonts.SCRIPTS)
    line_px = round(style.base_px * 1.35)
    return f"""<!doctype html><html><head><meta charset="utf-8"><style>
*{{box-sizing:border-box;animation:none;transition:none;caret-color:transparent}}
html,body{{margin:0;padding:0;width:{PAGE_WIDTH_PX}px;height:{PAGE_HEIGHT_PX}px;overflow:hidden}}
body{{background:{style.ground};color:{style.ink};
font:{style.base_px}px/{line_px}px '{style.sans}',{fallback},sans-serif}}
.mono{{font-family:'{style.mono}',{fallback},monospace;white-space:pre}}
.serif{{font-family:'{style.serif}',{fallback},serif}}
.muted{{color:{style.muted}}} .icon{{font-family:'{style.icons}';font-style:normal}}
table{{border-collapse:collapse}} p,h1,h2,h3,ul,ol,pre{{margin:0}}
svg text{{font-family:'{style.sans}',{fallback},sans-serif}}
</style></head><body>{body}</body></html>"""


def rules(**measures: object) -> str:
    """Write a CSS declaration list: `rules(font_size="12px")`."""
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in measures.items())


def box(content: str, css: str, tag: str = "div", kind: str = "") -> str:
    """Wrap `content` (markup) in an element."""
    return f'<{tag} class="{kind}" style="{escape(css)}">{content}</{tag}>'


def at(x_px: int, y_px: int, width_px: int, height_px: int, **more: object) -> str:
    """Write the CSS of a box at a whole-pixel place."""
    return rules(
        position="absolute", left=f"{x_px}px", top=f"{y_px}px", width=f"{width_px}px",
        height=f"{height_px}px", **more,
    )  # fmt: skip
