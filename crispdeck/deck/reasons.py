"""What each reason means, in a sentence, and docs/reasons.md made from it; decides nothing.

python -m crispdeck.deck.reasons > docs/reasons.md
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType

from crispdeck.deck.model import Reason

MEANINGS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.ALREADY_SHARP: "At the size shown it has at least the resolution asked for.",
        Reason.LINKED: "Its bytes are not in the deck; links are never followed.",
        Reason.MISSING: "The deck refers to a picture that it does not hold.",
        Reason.VECTOR: "EMF, WMF, SVG and PDF are drawn sharp at any size.",
        Reason.SVG_FALLBACK: "It stands in for an SVG, which PowerPoint shows in its place.",
        Reason.ANIMATED: "It has several frames or pages, and only one of them would change.",
        Reason.ARTISTIC_EFFECT: (
            "PowerPoint renders it from a hidden original, which would fall out of step."
        ),
        Reason.COLOUR_KEY: (
            "One exact colour is made transparent; sharpening would leave a rim of near ones."
        ),
        Reason.MARKUP_FALLBACK: (
            "Only old programs show it, in place of an equation, an object or ink."
        ),
        Reason.OLE_PREVIEW: "It is the preview of an embedded object, which renews it.",
        Reason.CHART: "It fills a part of a chart.",
        Reason.SMARTART: "It is part of a SmartArt diagram, which PowerPoint draws anew.",
        Reason.BULLET: "It is the bullet of a list.",
        Reason.THEME_FILL: "It is a fill of the theme, mostly a texture of a few pixels.",
        Reason.TEXT_FILL: "It fills letters.",
        Reason.TABLE_FILL: "It fills cells of a table.",
        Reason.TILE_FILL: "It is repeated as a tile, whose size depends on its pixels.",
        Reason.POSTER: "It is the still of a film or a sound and must match the first frame.",
        Reason.LAYOUT_OR_MASTER: (
            "It is on a layout or a master and changes every slide on it; the option `layouts` "
            "includes it."
        ),
        Reason.NOTES_OR_HANDOUT: "Only notes or handouts show it.",
        Reason.UNUSED_SLIDE: "Its slide is in the file but not in the show.",
        Reason.UNKNOWN_SIZE: "The deck does not say how large it is shown.",
        Reason.SHOWN_SMALL: "It is shown too small to matter, under one inch by default.",
        Reason.TOO_FEW_PIXELS: "It has too few pixels to start from, under 16 by default.",
        Reason.TOO_MANY_PIXELS: "It has, or would have, more pixels than the limits allow.",
        Reason.UNSUPPORTED_FORMAT: "It is in a raster format that is not sharpened.",
        Reason.UNREADABLE: "Its bytes are damaged or not a picture.",
        Reason.NOT_CHOSEN: "It was not among the pictures chosen.",
        Reason.GROWTH_BUDGET: "The file would grow beyond its budget.",
        Reason.DPI_CAP: "It has the resolution to which PowerPoint reduces pictures of this deck.",
        Reason.OTHER_USE: "It is used in a way that is not known to be safe to change.",
    }
)


def reasons_page() -> str:
    """Write docs/reasons.md."""
    rows = [f"| `{reason}` | {meaning} |" for reason, meaning in MEANINGS.items()]
    return "\n".join(
        (
            "# Why a picture is left alone",
            "",
            "Made by `python -m crispdeck.deck.reasons > docs/reasons.md`; do not edit.",
            "",
            "| reason | meaning |",
            "| --- | --- |",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    sys.stdout.write(reasons_page())
