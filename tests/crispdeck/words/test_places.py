"""Where a picture is shown, as people say it."""

import pytest

from crispdeck.deck.model import Placement, Scope
from crispdeck.words.places import few_words, places_words, where_words
from tests.decks.placements import placement


def on(*slides: int) -> list[Placement]:
    return [placement(slide=slide) for slide in slides]


@pytest.mark.parametrize(
    ("slides", "words"),
    [
        ((3,), "slide 3"),
        ((9, 2, 2), "slides 2, 9"),
        ((5, 1, 2, 9), "slides 1, 2, 5 …"),
    ],
)
def test_slides_are_named_in_their_order_and_once(slides: tuple[int, ...], words: str) -> None:
    assert places_words(on(*slides)) == words


def test_what_is_on_no_slide_is_called_by_its_page() -> None:
    master = placement(slide=None, scope=Scope.MASTER)
    other = placement(slide=None, scope=Scope.OTHER)
    assert places_words([master, master, other]) == "master, elsewhere"
    assert places_words([]) == "–"
    assert (where_words(placement()), where_words(master)) == ("slide 1", "master")


def test_of_many_places_a_few_are_named_and_the_others_counted() -> None:
    assert few_words(("a", "b")) == "a, b"
    assert few_words(tuple("abcdef")) == "a, b, c, d and 2 more"
    assert few_words(()) == "–"
