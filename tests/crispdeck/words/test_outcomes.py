"""What became of pictures, as people say it."""

import pytest

from crispdeck.words.outcomes import outcome_words


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
