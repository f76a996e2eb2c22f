"""Why a picture is left alone, in words, and docs/reasons.md made from them; decides nothing.

python -m crispdeck.words.reasons > docs/reasons.md
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from crispdeck.deck.model import Reason


class Why(NamedTuple):
    """One reason in words."""

    phrase: str
    """Follows "left alone: ": no capital, no full stop."""
    meaning: str
    """A sentence that explains it."""


REASONS: Mapping[Reason, Why] = MappingProxyType(
    {
        Reason.ALREADY_SHARP: Why(
            "sharp enough at the size it is shown",
            "At the size shown it has at least the resolution asked for.",
        ),
        Reason.LINKED: Why(
            "linked from outside the deck",
            "Its bytes are not in the deck; links are never followed.",
        ),
        Reason.MISSING: Why(
            "missing from the deck",
            "The deck refers to a picture that it does not hold.",
        ),
        Reason.VECTOR: Why(
            "drawn, not made of pixels: sharp at any size",
            "EMF, WMF, SVG and PDF are drawn sharp at any size, but for those of one bitmap.",
        ),
        Reason.DRAWN_BITMAP: Why(
            "pixels inside a drawing that cannot be replaced there; put the picture itself in its "
            "place",
            "An EMF, WMF or SVG of nothing but one blurred bitmap that cannot be replaced by "
            "itself: it is cut, laid over another, or as large as its pixels.",
        ),
        Reason.SVG_FALLBACK: Why(
            "stands in for a drawing that is sharp already",
            "It stands in for an SVG, which PowerPoint shows in its place.",
        ),
        Reason.ANIMATED: Why(
            "animated or of several pages",
            "It has several frames or pages, and only one of them would change.",
        ),
        Reason.ARTISTIC_EFFECT: Why(
            "shown through an artistic effect made from a hidden original",
            "PowerPoint renders it from a hidden original, which would fall out of step.",
        ),
        Reason.COLOUR_KEY: Why(
            "one of its colours is made transparent, which would leave a rim",
            "One exact colour is made transparent; sharpening would leave a rim of near ones.",
        ),
        Reason.MARKUP_FALLBACK: Why(
            "a fallback for old programs",
            "Only old programs show it, in place of an equation, an object or ink.",
        ),
        Reason.OLE_PREVIEW: Why(
            "the preview of an embedded object",
            "It is the preview of an embedded object, which renews it.",
        ),
        Reason.CHART: Why(
            "part of a chart",
            "It fills a part of a chart.",
        ),
        Reason.SMARTART: Why(
            "part of a SmartArt drawing",
            "It is part of a SmartArt diagram, which PowerPoint draws anew.",
        ),
        Reason.BULLET: Why(
            "a bullet",
            "It is the bullet of a list.",
        ),
        Reason.THEME_FILL: Why(
            "part of the theme",
            "It is a fill of the theme, mostly a texture of a few pixels.",
        ),
        Reason.TEXT_FILL: Why(
            "fills letters",
            "It fills letters.",
        ),
        Reason.TABLE_FILL: Why(
            "fills a whole table",
            "It is behind all cells of a table, or part of a table style.",
        ),
        Reason.TILE_FILL: Why(
            "repeated as tiles",
            "It is repeated as a tile, whose size depends on its pixels.",
        ),
        Reason.POSTER: Why(
            "the still of a film or sound",
            "It is the still of a film or a sound and must match the first frame.",
        ),
        Reason.LAYOUT_OR_MASTER: Why(
            "on a layout or master, which many slides share",
            "It is on a layout or a master and changes every slide on it; the option `layouts`"
            " includes it.",
        ),
        Reason.NOTES_OR_HANDOUT: Why(
            "on notes or handouts only",
            "Only notes or handouts show it.",
        ),
        Reason.UNUSED_SLIDE: Why(
            "on a slide that is not part of the show",
            "Its slide is in the file but not in the show.",
        ),
        Reason.UNKNOWN_SIZE: Why(
            "shown at a size that cannot be told",
            "The deck does not say how large it is shown.",
        ),
        Reason.SHOWN_SMALL: Why(
            "shown too small to matter",
            "It is shown too small to matter, under one inch by default.",
        ),
        Reason.TOO_FEW_PIXELS: Why(
            "too few pixels to start from",
            "It has too few pixels to start from, under 16 by default.",
        ),
        Reason.TOO_MANY_PIXELS: Why(
            "too many pixels to enlarge",
            "It has, or would have, more pixels than the limits allow.",
        ),
        Reason.UNSUPPORTED_FORMAT: Why(
            "in a format that is not sharpened",
            "It is in a raster format that is not sharpened.",
        ),
        Reason.UNREADABLE: Why(
            "damaged",
            "Its bytes are damaged or not a picture.",
        ),
        Reason.NOT_CHOSEN: Why(
            "not chosen",
            "It was not among the pictures chosen.",
        ),
        Reason.GROWTH_BUDGET: Why(
            "would make the file grow too much",
            "The file would grow beyond its budget.",
        ),
        Reason.DPI_CAP: Why(
            "as sharp as this deck's own limit allows",
            "It has the resolution to which PowerPoint reduces pictures of this deck.",
        ),
        Reason.OTHER_USE: Why(
            "used in a way that is not touched",
            "It is used in a way that is not known to be safe to change.",
        ),
    }
)
"""Every reason; docs/reasons.md prints both columns."""


def reason_words(reason: Reason | None) -> str:
    """Say why a picture is left alone; empty where it is not."""
    return REASONS[reason].phrase if reason else ""


def reasons_page() -> str:
    """Write docs/reasons.md."""
    rows = [f"| `{reason}` | {why.phrase} | {why.meaning} |" for reason, why in REASONS.items()]
    return "\n".join(
        (
            "# Why a picture is left alone",
            "",
            "Made by `python -m crispdeck.words.reasons > docs/reasons.md`; do not edit.",
            "",
            "| reason | in a list | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    sys.stdout.write(reasons_page())
