"""The sample deck holds every kind of picture, is sound, and goes through the whole swap."""

import io
import re
from typing import Any

import pytest
from pptx import Presentation

from crispdeck.deck.model import DeckScan, PlacementKind, Reason, Scope, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.inspect import inspect
from crispdeck.sample import write_sample_deck
from tests.decks.building import parts_of
from tests.decks.enhancing import enhance
from tests.decks.package_check import package_problems


@pytest.fixture(scope="module")
def sample() -> bytes:
    out = io.BytesIO()
    write_sample_deck(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def found(sample: bytes) -> DeckScan:
    with open_deck(sample) as deck:
        return scan(deck)


def test_it_is_the_same_on_every_run(sample: bytes) -> None:
    out = io.BytesIO()
    write_sample_deck(out)
    assert out.getvalue() == sample


def test_it_is_a_sound_and_small_package(sample: bytes) -> None:
    assert package_problems(sample) == []
    assert len(sample) < 500_000


def test_every_slide_has_a_title_and_every_picture_a_description(sample: bytes) -> None:
    presentation: Any = Presentation(io.BytesIO(sample))
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    assert len(set(titles)) == len(presentation.slides) == 13
    assert all(titles)
    pictures = [e for slide in presentation.slides for e in slide._element.iter("{*}pic")]
    assert all(next(pic.iter("{*}cNvPr")).get("descr") for pic in pictures)


def test_every_raster_format_and_a_vector_one_are_there(found: DeckScan) -> None:
    assert {picture.format for picture in found.pictures} == {
        PictureFormat.PNG,
        PictureFormat.JPEG,
        PictureFormat.GIF,
        PictureFormat.BMP,
        PictureFormat.TIFF,
        PictureFormat.EMF,
    }


def test_palette_grey_alpha_16_bit_and_cmyk_pictures_are_low(
    sample: bytes, found: DeckScan
) -> None:
    parts = parts_of(sample)
    low = [inspect(parts[picture.part]) for picture in found.low]
    assert {"P", "L", "RGB", "RGBA", "CMYK"} <= {info.mode for info in low}
    assert 16 in {info.bits for info in low}
    assert any(info.has_alpha for info in low)


def test_every_kind_of_place_is_low_somewhere(found: DeckScan) -> None:
    low = [p for p in found.placements if p.verdict is Verdict.LOW]
    assert {p.kind for p in low} == {
        PlacementKind.PICTURE,
        PlacementKind.SHAPE_FILL,
        PlacementKind.BACKGROUND,
    }
    assert any(p.crop.left > 0 for p in low)
    assert any(p.rotation_deg for p in low)
    assert all(p.scope is Scope.SLIDE for p in low)


def test_what_is_left_alone_has_its_reason(found: DeckScan) -> None:
    assert {p.reason for p in found.placements} >= {
        Reason.ALREADY_SHARP,
        Reason.SHOWN_SMALL,
        Reason.TILE_FILL,
        Reason.ANIMATED,
        Reason.VECTOR,
        Reason.LINKED,
    }


def test_the_sample_can_be_enhanced(sample: bytes) -> None:
    done = enhance(sample)
    assert package_problems(done.after) == []
    assert {s.part for s in done.result.swapped} == {p.part for p in done.scan.low}
    assert sum(s.copied for s in done.result.swapped) == 2
    changed_slides = {n for n in done.changed_names if re.fullmatch(r"ppt/slides/\w+\.xml", n)}
    # There the tile and one of its tiles, enlarged, share a relationship.
    assert changed_slides == {"ppt/slides/slide12.xml"}
