"""Cutting plain shapes leaves every picture where it was."""

from pathlib import Path

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.opc.markup import as_utf8, parse, parse_clean
from crispdeck.deck.picture_roles import BlipUse, find_blips
from crispdeck.deck.trimming import without_plain_shapes
from crispdeck.errors import DeckRefusedError
from tests.crispdeck.deck.deck_maker import filled_shape, group, page, picture, xfrm

BOX = xfrm(0, 0, 8, 6)
PLAIN = "<p:sp><p:txBody>words</p:txBody></p:sp>"


def told(use: BlipUse) -> tuple[object, ...]:
    path = [] if use.shape is None else [str(one.tag) for one in use.shape.iterancestors()]
    about = None if use.shape is None else use.shape[0][0].attrib.items()
    return use.kind, use.rel_id, use.reason, path, about


def test_plain_shapes_go_and_those_with_pictures_stay() -> None:
    shapes = PLAIN + filled_shape(BOX) + PLAIN + group("", PLAIN, picture(BOX)) + PLAIN
    blob = page("sld", shapes).encode()
    trimmed = without_plain_shapes(blob)
    assert b"words" not in trimmed
    kept = [told(use) for use in find_blips(parse(trimmed, ""))]
    assert kept == [told(use) for use in find_blips(parse(blob, ""))]
    assert len(kept) == 2


@pytest.mark.parametrize("opaque", ["<!-- <p:sp> -->", "<a:t><![CDATA[<p:sp>]]></a:t>"])
def test_a_page_in_which_tags_may_be_text_is_left_whole(opaque: str) -> None:
    blob = page("sld", PLAIN + opaque + picture(BOX)).encode()
    assert without_plain_shapes(blob) == blob


def test_trimming_changes_no_picture_of_any_real_deck(shared_data: Path) -> None:
    compared = 0
    for path in sorted((shared_data / "decks").rglob("*.p*")):
        try:
            deck = open_deck(path)
        except DeckRefusedError:
            continue
        with deck:
            for name in deck.names:
                blob = deck.read(name) if name.endswith(".xml") else b""
                if b"blip" not in blob:
                    continue
                blob = as_utf8(blob, name)
                whole, trimmed = (
                    parse_clean(blob, name),
                    parse_clean(without_plain_shapes(blob), name),
                )
                ours = [told(use) for use in find_blips(trimmed)]
                assert ours == [told(use) for use in find_blips(whole)]
                compared += len(ours)
    assert compared > 900
