"""What became of pictures, as people say it."""

import pytest

from crispdeck.picture.source_notes import SourceNote
from crispdeck.words.outcomes import outcome_words, source_words


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


def test_every_note_on_a_source_has_words_of_its_own() -> None:
    words = source_words({"source": list(SourceNote)})
    assert len(set(words)) == len(SourceNote)
    assert not set(words) & set(SourceNote)


def test_what_another_version_noted_is_shown_as_it_is() -> None:
    assert source_words({"source": ["it was odd"]}) == ["it was odd"]
    assert source_words({}) == []
