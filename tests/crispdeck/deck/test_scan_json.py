"""Scans survive JSON."""

import json
from typing import Any

import pytest

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_from_json, scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import InvalidRequestError
from tests.crispdeck.deck.deck_maker import Made, background, picture, xfrm


def a_scan() -> DeckScan:
    shapes = picture(xfrm(0, 0, 8, 3.3, turned=12), source='<a:srcRect l="3333"/>')
    made = Made(
        slides=[shapes, picture(""), picture(xfrm(0, 0, 1, 2), rel="rId9")],
        backgrounds={2: background()},
        parts={"ppt/slides/slide3.xml": "<a:blip"},
    )
    with open_deck(made.blob()) as deck:
        return scan(deck, ScanOptions(low_ppi=97.5, layouts=True))


def test_a_scan_comes_back_from_json_as_it_was() -> None:
    found = a_scan()
    assert found.placements
    assert found.unreadable_parts
    assert scan_from_json(json.loads(json.dumps(scan_to_json(found)))) == found


def test_the_keys_are_the_names_of_the_fields() -> None:
    data = scan_to_json(a_scan())
    assert data["options"]["low_ppi"] == 97.5
    assert data["placements"][0]["crop"]["left"] == 0.03333
    assert data["pictures"][0]["format"] == "png"
    assert type(data["pictures"][0]["verdict"]) is str


@pytest.mark.parametrize(
    "data", [{}, {"kind": 1}, {"nothing": 1}, {"pictures": 5}, {"placements": [{"scope": "x"}]}]
)
def test_other_data_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        scan_from_json(data)
