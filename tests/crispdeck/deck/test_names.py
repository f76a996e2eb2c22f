"""What decks and results are called."""

import pytest

from crispdeck.deck.names import DECK_TYPES, crisp_name, deck_type, suffixes_in_words


@pytest.mark.parametrize(
    ("name", "crisp"),
    [
        ("talk.pptx", "talk.crisp.pptx"),
        ("Q3.final.PPTM", "Q3.final.crisp.PPTM"),
        ("no suffix", "no suffix.crisp.pptx"),
        ("a/b/talk.potx", "talk.crisp.potx"),
    ],
)
def test_a_result_is_called_after_its_deck(name: str, crisp: str) -> None:
    assert crisp_name(name) == crisp


def test_the_suffix_gives_the_media_type_whatever_its_case() -> None:
    assert {deck_type(f"x{suffix.upper()}") for suffix in DECK_TYPES} == set(DECK_TYPES.values())


@pytest.mark.parametrize("name", ["", "talk", "talk.zip", ".pptx"])
def test_a_name_that_says_nothing_is_taken_for_a_pptx(name: str) -> None:
    assert deck_type(name) == DECK_TYPES[".pptx"]


def test_suffixes_are_listed_as_people_write_them() -> None:
    assert suffixes_in_words("or").startswith(".pptx, .pptm, ")
    assert suffixes_in_words("or").endswith(" or .ppsm")
