"""Equal pictures of a deck are one picture, at the largest factor that one of them needs."""

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.services.equal_pictures import group_equal
from tests.small_deck import deck_of, picture_blob, with_part


def test_equal_bytes_in_two_parts_are_one_group_of_the_larger_factor() -> None:
    same, other = picture_blob(1, 96), picture_blob(2, 96)
    # 96 pixels over 1 inch want twice as many to be 220 ppi, over 4 inches all that there are.
    deck = with_part(
        deck_of([same, picture_blob(3, 96), other], [1, 4, 4]), "ppt/media/image2.png", same
    )
    with open_deck(deck) as archive:
        low = scan(archive, ScanOptions(true_size=False)).low
        assert {picture.scale for picture in low} == {2, 4}
        groups, unreadable = group_equal(archive, low)
    assert unreadable == []
    assert sorted((len(group.parts), group.scale) for group in groups) == [(1, 4), (2, 4)]


def test_a_part_that_cannot_be_read_costs_the_others_nothing() -> None:
    deck = bytearray(deck_of([picture_blob(1, 96), picture_blob(2, 96)]))
    with open_deck(bytes(deck)) as archive:
        low = scan(archive, ScanOptions(true_size=False)).low
        blob = archive.read(low[0].part)
    at = deck.find(blob[20:60])
    assert at > 0, "PNGs are stored as they are"
    deck[at] ^= 0xFF
    with open_deck(bytes(deck)) as archive:
        groups, unreadable = group_equal(archive, low)
    assert [picture.part for picture, _ in unreadable] == [low[0].part]
    assert [group.parts for group in groups] == [(low[1].part,)]
