"""Tables go between the marks of the card; everything else in it stays."""

from pathlib import Path

import pytest

from crispdeck.errors import BadInputError
from tests.wiring.repository import REPOSITORY
from worker.lab.bench.card import fill, with_parts
from worker.lab.bench.measuring import Measured
from worker.lab.bench.speed import Timing
from worker.lab.bench.tables import rows

CARD = """# Card
<!-- quality -->
old
<!-- end of quality -->
Words that stay, \\1 too.
<!-- speed -->
<!-- end of speed -->
"""


def measured(set_: str, group: str) -> Measured:
    return Measured(set_, group, "a", "clean", 4, "bicubic", "interpolation", {"psnr_db": 30.0})


def test_parts_are_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(CARD)
    found = rows([measured("Set5", "Set5"), measured("validation", "text")])
    timings = [Timing("ours", "ours", 4, 64, 3, 15.0, 14.0, 1.0)]
    fill(card, found, timings, "a machine.")
    text = card.read_text()
    assert "old" not in text
    assert "| Set5, clean | 1 | **30.00** |" in text
    assert "| validation: all flat, clean | 1 | **30.00** |" in text
    assert "validation: text" not in text
    assert "| ours | 15.0 (1.00) |" in text
    assert "Words that stay, \\1 too." in text


def test_what_was_not_measured_keeps_its_tables(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(CARD)
    fill(card, [], [], "a machine.")
    assert card.read_text() == CARD


def test_a_card_without_marks_is_refused() -> None:
    with pytest.raises(BadInputError, match="end of speed"):
        with_parts("# Card", {"speed": "fast"})


def test_the_model_card_has_the_marks() -> None:
    card = (REPOSITORY / "docs" / "model-card.md").read_text()
    assert with_parts(card, {"quality": "new", "speed": "new"}) != card
