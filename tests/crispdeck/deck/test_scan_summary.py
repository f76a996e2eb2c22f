"""What a list of decks shows of a scan."""

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_summary import brief_of
from crispdeck.deck.thresholds import ScanOptions
from tests.small_deck import deck_of, picture_blob


def test_the_low_pictures_are_counted_and_the_worst_is_named() -> None:
    # 96 pixels over 4 and over 2 inches are 24 and 48 ppi; 960 over 4 are 240.
    deck = deck_of([picture_blob(1, 96), picture_blob(2, 96), picture_blob(3, 960)], [4, 2, 4])
    with open_deck(deck) as archive:
        brief = brief_of(scan(archive, ScanOptions(true_size=False)))
    assert (brief["slides"], brief["pictures"], brief["low"]) == (1, 3, 2)
    assert brief["low_px"] == 2 * 96 * 96
    assert brief["worst_ppi"] == pytest.approx(24)
    assert brief["worst_hd"] == pytest.approx(24 / (1920 / (40 / 3)), abs=0.001)
    assert brief["options"] == {"low_ppi": 110.0, "target_ppi": 220.0, "layouts": False}


def test_where_nothing_is_low_there_is_no_worst() -> None:
    with open_deck(deck_of([picture_blob(1, 960)])) as archive:
        brief = brief_of(scan(archive, ScanOptions(true_size=False)))
    assert (brief["low"], brief["low_px"], brief["worst_ppi"], brief["worst_hd"]) == (
        0,
        0,
        None,
        None,
    )
