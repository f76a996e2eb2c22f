"""What people read: sentences for reasons and figures; plain text, no markup."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispdeck.deck.model import PicturePart, Placement, Reason, Scope
from crispdeck.report.model import SharpenedPicture

REASONS: dict[Reason, str] = {
    Reason.ALREADY_SHARP: "sharp enough at the size it is shown",
    Reason.LINKED: "linked from outside the deck",
    Reason.MISSING: "missing from the deck",
    Reason.VECTOR: "drawn, not made of pixels: sharp at any size",
    Reason.SVG_FALLBACK: "stands in for a drawing that is sharp already",
    Reason.ANIMATED: "animated or of several pages",
    Reason.ARTISTIC_EFFECT: "shown through an artistic effect made from a hidden original",
    Reason.COLOUR_KEY: "one of its colours is made transparent, which would leave a rim",
    Reason.MARKUP_FALLBACK: "a fallback for old programs",
    Reason.OLE_PREVIEW: "the preview of an embedded object",
    Reason.CHART: "part of a chart",
    Reason.SMARTART: "part of a SmartArt drawing",
    Reason.BULLET: "a bullet",
    Reason.THEME_FILL: "part of the theme",
    Reason.TEXT_FILL: "fills letters",
    Reason.TABLE_FILL: "fills table cells",
    Reason.TILE_FILL: "repeated as tiles",
    Reason.POSTER: "the still of a film or sound",
    Reason.LAYOUT_OR_MASTER: "on a layout or master, which many slides share",
    Reason.NOTES_OR_HANDOUT: "on notes or handouts only",
    Reason.UNUSED_SLIDE: "on a slide that is not part of the show",
    Reason.UNKNOWN_SIZE: "shown at a size that cannot be told",
    Reason.SHOWN_SMALL: "shown too small to matter",
    Reason.TOO_FEW_PIXELS: "too few pixels to start from",
    Reason.TOO_MANY_PIXELS: "too many pixels to enlarge",
    Reason.UNSUPPORTED_FORMAT: "in a format that is not sharpened",
    Reason.UNREADABLE: "damaged",
    Reason.NOT_CHOSEN: "not chosen",
    Reason.GROWTH_BUDGET: "would make the file grow too much",
    Reason.DPI_CAP: "as sharp as this deck's own limit allows",
    Reason.OTHER_USE: "used in a way that is not touched",
}


def reason_words(reason: Reason | None) -> str:
    """Say why a picture is left alone."""
    return REASONS[reason] if reason else ""


_SHARES = (
    (0.29, "a quarter"),
    (0.40, "a third"),
    (0.58, "half"),
    (0.71, "two thirds"),
    (0.88, "three quarters"),
)


def sharpness_words(share: float | None) -> str:
    """Say how a picture compares with a full-HD screen: "about half as sharp".

    Args:
        share: picture pixels for each pixel of the screen, over the same distance.
    """
    if share is None:
        return ""
    if share < 0.22:
        return "less than a quarter as sharp"
    for limit, words in _SHARES:
        if share < limit:
            return f"about {words} as sharp"
    return "just as sharp" if share < 1.15 else "sharper"


def sharpness_sentence(share: float | None, screen: str = "a full-HD screen") -> str:
    """Say it with the screen: "about half as sharp as a full-HD screen"."""
    words = sharpness_words(share)
    return f"{words} {'than' if words == 'sharper' else 'as'} {screen}" if words else ""


def enlarged_words(picture: PicturePart | SharpenedPicture) -> str:
    """Say that a picture was enlarged before: "looks like 300 × 200 pixels enlarged to 1200 × 800".

    Empty where it was not.
    """
    if not picture.true_width_px:
        return ""
    return (
        f"looks like {picture.true_width_px} × {picture.true_height_px} pixels"
        f" enlarged to {picture.width_px} × {picture.height_px}"
    )


def where_words(placement: Placement) -> str:
    """Name the page: "slide 3", "layout", "master"."""
    if placement.scope is Scope.SLIDE and placement.slide:
        return f"slide {placement.slide}"
    return "elsewhere" if placement.scope is Scope.OTHER else placement.scope.value


def ppi_words(ppi: float | None) -> str:
    """Round pixels per inch; a dash where there are none."""
    return "–" if ppi is None else f"{ppi:.0f}"


def size_words(size_bytes: int) -> str:
    """Say a number of bytes as people do: 812 bytes, 34 KB, 1.2 MB."""
    if size_bytes < 1024:
        return f"{size_bytes} bytes"
    size_kb = size_bytes / 1024
    return f"{size_kb:.0f} KB" if size_kb < 1000 else f"{size_kb / 1024:.1f} MB"


def count_words(count: int, noun: str) -> str:
    """Say "1 picture" or "3 pictures"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def is_only_enlarged(made_by: Mapping[str, Any]) -> bool:
    """Whether interpolation stepped in for the network, by the report of an upscale."""
    return bool(made_by.get("fallback"))


def outcome_words(made_by: Iterable[Mapping[str, Any]], noun: str = "picture", of: str = "") -> str:
    """Say "4 pictures made sharp, 2 only enlarged": interpolation makes nothing sharper.

    Args:
        made_by: the reports of all upscales; one that is not known may be empty.
        of: words after the noun.
    """
    plainly = [is_only_enlarged(report) for report in made_by]
    sharp, plain = plainly.count(False), plainly.count(True)
    if plain and not sharp:
        return f"{count_words(plain, noun)}{of} only enlarged"
    words = f"{count_words(sharp, noun)}{of} made sharp"
    return f"{words}, {plain} only enlarged" if plain else words


def faithful_words(made_by: Mapping[str, Any]) -> str:
    """Say how faithful an upscale is to its original; empty where that was not measured.

    Args:
        made_by: the report of an upscale.
    """
    found = made_by.get("faithful")
    if not found:
        return ""
    if found["consistency"] == "exact":
        promise = f"shrinks back to the original ({found['shrinks_back_db']:.0f} dB)"
    else:
        promise = f"agrees with the original in the coarse ({found['coarse_db']:.0f} dB)"
    shift = f"colours within {max(0.1, found['colour_shift_levels']):.1f} of 255 levels"
    share = 100 * found["budget_share_clipped"]
    held_back = f"{share:.1f} % of the detail held back" if share >= 0.05 else "no detail held back"
    return f"{promise}; {shift}; {held_back}"
