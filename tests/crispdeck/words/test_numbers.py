"""Sizes, counts and densities, as people say them."""

import json
from pathlib import Path

import pytest

from crispdeck.words.numbers import count_words, ppi_words, size_words

SIZES = Path(__file__).parents[2] / "sizes.json"
"""Examples that the page's script is tested with too."""


@pytest.mark.parametrize(("size_bytes", "words"), json.loads(SIZES.read_text()))
def test_sizes(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words


def test_counts_and_densities() -> None:
    assert count_words(1, "picture") == "1 picture"
    assert count_words(0, "picture") == "0 pictures"
    assert count_words(3000, "picture") == "3,000 pictures"
    assert count_words(2, "entry", "entries") == "2 entries"
    assert ppi_words(None) == "–"
    assert ppi_words(95.6) == "96"
