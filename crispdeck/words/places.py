"""Where a picture is shown, in words."""

from collections.abc import Sequence

from crispdeck.deck.model import Placement, Scope
from crispdeck.words.numbers import DASH

SHOWN_SLIDES = 3
"""Slides that are named; the others are dots, since a table has little room."""
SHOWN_PLACES = 4
"""Places that are named before "and 5 more"."""


def where_words(placement: Placement) -> str:
    """Name the page: "slide 3", "layout", "master"."""
    if placement.scope is Scope.SLIDE and placement.slide:
        return f"slide {placement.slide}"
    return "elsewhere" if placement.scope is Scope.OTHER else placement.scope.value


def places_words(uses: Sequence[Placement]) -> str:
    """Say where a picture is used: "slide 3", "slides 2, 5, 9 …", "master"."""
    slides = sorted({use.slide for use in uses if use.slide is not None})
    if not slides:
        return ", ".join(dict.fromkeys(where_words(use) for use in uses)) or DASH
    few = ", ".join(str(number) for number in slides[:SHOWN_SLIDES])
    more = " …" if len(slides) > SHOWN_SLIDES else ""
    return f"{'slide' if len(slides) == 1 else 'slides'} {few}{more}"


def few_words(where: Sequence[str]) -> str:
    """Name a few places and count the others: "slide 1, slide 2 and 5 more"."""
    few = ", ".join(where[:SHOWN_PLACES])
    return (
        f"{few} and {len(where) - SHOWN_PLACES} more" if len(where) > SHOWN_PLACES else few or DASH
    )
