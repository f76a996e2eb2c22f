"""Sentences for people: every reason has one, and figures read as people say them."""

import json
from pathlib import Path

import pytest

from crispdeck.deck.model import Reason
from crispdeck.picture.source_notes import SourceNote
from crispdeck.words.numbers import count_words, ppi_words, size_words
from crispdeck.words.outcomes import outcome_words, source_words
from crispdeck.words.reasons import REASONS, reason_words
from crispdeck.words.sharpness import sharpness_sentence

SIZES = Path(__file__).parents[2] / "sizes.json"
"""Examples that the page's script is tested with too."""


@pytest.mark.parametrize(
    ("sharp", "plain", "words"),
    [
        (3, 0, "3 pictures made sharp"),
        (1, 2, "1 picture made sharp, 2 only enlarged"),
        (0, 1, "1 picture only enlarged"),
        (0, 0, "0 pictures made sharp"),
    ],
)
def test_what_was_only_enlarged_is_not_called_sharp(sharp: int, plain: int, words: str) -> None:
    reports = [{"fallback": None}] * sharp + [{"fallback": "unfaithful"}] * plain
    assert outcome_words(reports) == words


def test_every_reason_has_a_sentence_of_its_own() -> None:
    assert set(REASONS) == set(Reason)
    assert len(set(REASONS.values())) == len(Reason)
    assert reason_words(None) == ""


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, ""),
        (0.1, "less than a quarter as sharp as a full-HD screen"),
        (0.25, "about a quarter as sharp as a full-HD screen"),
        (0.33, "about a third as sharp as a full-HD screen"),
        (0.5, "about half as sharp as a full-HD screen"),
        (0.66, "about two thirds as sharp as a full-HD screen"),
        (0.75, "about three quarters as sharp as a full-HD screen"),
        (1.0, "just as sharp as a full-HD screen"),
        (2.0, "sharper than a full-HD screen"),
    ],
)
def test_sharpness_is_said_as_people_think_of_it(share: float | None, words: str) -> None:
    assert sharpness_sentence(share) == words


@pytest.mark.parametrize(("size_bytes", "words"), json.loads(SIZES.read_text()))
def test_sizes(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words


def test_counts_and_densities() -> None:
    assert count_words(1, "picture") == "1 picture"
    assert count_words(0, "picture") == "0 pictures"
    assert ppi_words(None) == "–"
    assert ppi_words(95.6) == "96"


def test_every_note_on_a_source_has_words_of_its_own() -> None:
    words = source_words({"source": list(SourceNote)})
    assert len(set(words)) == len(SourceNote)
    assert not set(words) & set(SourceNote)


def test_what_another_version_noted_is_shown_as_it_is() -> None:
    assert source_words({"source": ["it was odd"]}) == ["it was odd"]
    assert source_words({}) == []
