"""The list of reasons and its page say the same."""

from pathlib import Path

from crispdeck.deck.model import Reason
from crispdeck.words.reasons import REASONS, reason_words, reasons_page

PAGE = Path(__file__).parents[3] / "docs" / "reasons.md"


def test_every_reason_has_a_sentence_of_its_own() -> None:
    assert list(REASONS) == list(Reason)
    assert len(set(REASONS.values())) == len(Reason)
    assert reason_words(None) == ""


def test_the_page_in_the_docs_is_the_one_that_the_command_makes() -> None:
    assert PAGE.read_text("utf-8") == reasons_page()
