"""What a before/after report says, whatever it is written as: its sentences and its labels."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispdeck.words.numbers import ppi_words, size_words
from crispdeck.words.outcomes import is_only_enlarged, outcome_words

BEFORE, AFTER = "Before", "After"
MADE_SHARP, LEFT_ALONE = "Made sharp", "Left alone"
SHOWN_AT, PIXELS, TRUE_SIZE, SIZE, PART = "Shown at", "Pixels", "True size", "Size", "Part"
MADE_BY, FAITHFUL, NOTE = "Made by", "Faithful", "Note"
PICTURE, WHERE, PPI, WHY = "Picture", "Where", "ppi", "Why"
SHARP_COUNT, PLAIN_COUNT, LEFT_COUNT = "made sharp", "only enlarged", "left alone"
LOWEST_PPI, FILE_SIZE = "lowest pixels per inch", "file size"
DETAIL, ENLARGED_DETAIL = "a detail", "a detail, enlarged"


def lead_words(upscales: Iterable[Mapping[str, Any]]) -> str:
    """Say in a sentence or two what became of a deck.

    Args:
        upscales: the reports of all upscales that were put into it.
    """
    made_by = list(upscales)
    if not made_by:
        return "No picture of this deck was changed."
    outcome = outcome_words(made_by, "blurred picture", " of this deck")
    return f"{outcome}. Everything else in the file is as it was."


def uses_words(uses: int) -> str:
    """Say in how many places a picture is shown; empty where it is one."""
    return f"shown in {uses} places" if uses > 1 else ""


def network_words(made_by: Mapping[str, Any]) -> str:
    """Name the network that made an upscale; empty where none is known."""
    network = str(made_by.get("network") or "")
    if network and is_only_enlarged(made_by):
        return f"{network} (enlarged by plain interpolation, not by the network)"
    return network


def side_words(side: str, ppi: float) -> str:
    """Say "Before: 40 ppi"."""
    return f"{side}: {ppi_words(ppi)} ppi"


def title_words(deck: str) -> str:
    """Name a report of a deck, as a file's title."""
    return f"{deck}: before and after"


def shown_words(where: str, name: str, size: str) -> str:
    """Head a picture: "Slide 3: Logo, shown at 2.0 × 1.5 in"."""
    return f"{where.capitalize()}: {name}, shown at {size}"


def growth_words(bytes_before: int, bytes_after: int) -> str:
    """Say "File size: 4.1 MB → 5.2 MB"."""
    return f"{FILE_SIZE.capitalize()}: {size_words(bytes_before)} → {size_words(bytes_after)}"


def inches_words(width_in: float, height_in: float) -> str:
    """Say "2.0 × 1.5 in"."""
    return f"{width_in:.1f} × {height_in:.1f} in"
