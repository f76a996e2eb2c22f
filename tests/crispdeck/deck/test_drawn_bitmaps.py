"""Pixels inside a drawing are judged, swapped and turned back as a picture's own are."""

import gzip
import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from crispdeck.deck.model import Reason, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.originals import OriginalsStore, revert
from crispdeck.deck.scan import scan
from crispdeck.picture.reading import decode
from tests.decks import drawings as made
from tests.decks import pictures
from tests.decks.building import DeckBuilder, parts_of
from tests.decks.enhancing import enhance
from tests.decks.package_check import package_problems

KINDS = [("emf", "emf"), ("emf+", "emf"), ("wmf", "wmf"), ("svg", "svg")]


def deck_of(blob: bytes, kind: str, *, behind: bytes | None = None) -> bytes:
    deck = DeckBuilder()
    deck.drawing(deck.slide(), blob, kind, behind=behind)
    return deck.build()


@pytest.mark.parametrize(("name", "suffix"), KINDS)
class TestOneBitmapInADrawing:
    def test_is_low_at_its_own_resolution(self, name: str, suffix: str) -> None:
        with open_deck(deck_of(made.one_bitmap(name), suffix)) as deck:
            (picture,) = scan(deck).pictures
        assert (picture.format, picture.verdict) == (suffix, Verdict.LOW)
        assert (picture.width_px, picture.effective_ppi, picture.scale) == (120, 30, 4)

    def test_is_made_larger_inside_its_file_and_nothing_else_changes(
        self, name: str, suffix: str
    ) -> None:
        done = enhance(deck_of(made.one_bitmap(name), suffix))
        (swapped,) = done.result.swapped
        assert (swapped.new_part, done.changed_names) == (swapped.part, {swapped.part})
        pixels = decode(parts_of(done.after)[swapped.part], max_px=10**6).pixels
        assert (pixels.width_px, pixels.height_px) == (240, 180)
        assert package_problems(done.after) == []

    def test_comes_back_byte_for_byte(self, name: str, suffix: str, tmp_path: Path) -> None:
        done = enhance(deck_of(made.one_bitmap(name), suffix))
        store, out = OriginalsStore(tmp_path), io.BytesIO()
        with open_deck(done.before) as deck:
            store.keep_swapped(deck, done.result)
        with open_deck(done.after) as deck:
            revert(deck, store, out)
        assert out.getvalue() == done.before

    def test_that_is_used_where_it_must_not_change_is_copied(self, name: str, suffix: str) -> None:
        deck = DeckBuilder()
        blob = made.one_bitmap(name)
        for page in (deck.slide(), deck.slide()):
            picture = deck.drawing(page, blob, suffix)
        deck.colour_key(picture)
        done = enhance(deck.build())
        assert [one.verdict for one in done.scan.placements] == [Verdict.LOW, Verdict.LEFT]
        assert package_problems(done.after) == []


def test_a_sharp_bitmap_in_a_drawing_says_so() -> None:
    blob = made.emf(made.stretch_di_bits(made.dib(pictures.drawing(900, 675))))
    with open_deck(deck_of(blob, "emf")) as deck:
        (picture,) = scan(deck).pictures
    assert picture.reason is Reason.ALREADY_SHARP


@pytest.mark.parametrize(
    ("size", "reason"), [((120, 90), Reason.DRAWN_BITMAP), ((900, 675), Reason.VECTOR)]
)
def test_a_bitmap_that_cannot_be_replaced_is_told_where_it_is_low(
    size: tuple[int, int], reason: Reason
) -> None:
    blob = made.emf(made.set_di_bits(made.dib(pictures.drawing(*size))))
    done = enhance(deck_of(blob, "emf"))
    (picture,) = done.scan.pictures
    assert (picture.width_px, picture.reason) == (size[0], reason)
    assert done.after == done.before


def test_what_draws_more_is_a_drawing_still() -> None:
    blob = made.emf(made.stretch_di_bits(made.dib(pictures.drawing())), (made.LINE_TO, bytes(8)))
    with open_deck(deck_of(blob, "emf")) as deck:
        (picture,) = scan(deck).pictures
    assert (picture.width_px, picture.reason) == (None, Reason.VECTOR)


DIB = made.dib(pictures.drawing())


@pytest.mark.parametrize(
    "blob",
    [
        made.nested_emf(1200),
        gzip.compress(made.emf(made.stretch_di_bits(made.dib(pictures.drawing(2000, 1500))))),
        made.emf(made.stretch_di_bits(struct.pack("<Ii", 40, -5) + DIB[8:])),
    ],
    ids=["drawings in drawings", "too large unpacked", "damaged"],
)
def test_what_cannot_be_looked_through_is_a_drawing(blob: bytes) -> None:
    with open_deck(deck_of(blob, "emf")) as deck:
        (picture,) = scan(deck).pictures
    assert (picture.width_px, picture.reason) == (None, Reason.VECTOR)


class TestAnSvgBehindAPng:
    def test_that_is_drawn_keeps_the_png_out_of_it(self) -> None:
        blob = made.svg("<path d='M0 0L9 9'/>")
        done = enhance(deck_of(blob, "svg", behind=pictures.png()))
        (placement,) = done.scan.placements
        assert placement.reason is Reason.SVG_FALLBACK
        assert done.after == done.before

    def test_that_holds_only_pixels_is_made_sharp_with_its_png(self) -> None:
        done = enhance(deck_of(made.one_bitmap("svg"), "svg", behind=pictures.png(60, 45)))
        assert [one.format for one in done.scan.pictures] == ["png", "svg"]
        assert [one.verdict for one in done.scan.placements] == [Verdict.LOW] * 2
        assert len(done.changed_names) == 2
        assert package_problems(done.after) == []

    def test_is_judged_apart_from_its_png(self) -> None:
        done = enhance(deck_of(made.one_bitmap("svg"), "svg", behind=pictures.png(900, 675)))
        assert [one.reason for one in done.scan.placements] == [Reason.ALREADY_SHARP, None]
        assert {name.rpartition(".")[2] for name in done.changed_names} == {"svg"}

    def test_alone_is_made_sharp(self) -> None:
        deck = DeckBuilder()
        picture = deck.drawing(deck.slide(), made.one_bitmap("svg"), "svg", behind=pictures.png())
        blip = picture._element.find(".//{*}blip")
        del blip.attrib[next(name for name in blip.attrib if name.endswith("embed"))]
        done = enhance(deck.build())
        assert [one.verdict for one in done.scan.placements] == [Verdict.LOW]
        assert len(done.changed_names) == 1

    def test_with_an_effect_stays_as_it_is(self) -> None:
        deck = DeckBuilder()
        picture = deck.drawing(deck.slide(), made.one_bitmap("svg"), "svg", behind=pictures.png())
        deck.artistic_effect(picture)
        with open_deck(deck.build()) as archive:
            reasons = [one.reason for one in scan(archive).placements]
        assert reasons == [Reason.ARTISTIC_EFFECT] * 2


def test_a_picture_in_an_svg_that_is_animated_is_left() -> None:
    frames = [Image.new("L", (60, 45), shade) for shade in (0, 200)]
    gif = pictures.saved(frames[0], "gif", save_all=True, append_images=frames[1:])
    with open_deck(deck_of(made.svg(made.svg_image(gif, "gif")), "svg")) as deck:
        (picture,) = scan(deck).pictures
    assert picture.reason is Reason.ANIMATED
