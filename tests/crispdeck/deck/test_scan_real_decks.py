"""Scans of real decks, with python-pptx as the independent witness."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.shapes.picture import _BasePicture as BasePicture

from crispdeck.deck.model import Placement, PlacementKind, Verdict
from worker.lab.bench.decks import Corpus, corpus_page, scan_folder

EMU_PER_IN = 914_400
DOCS = Path(__file__).parents[3] / "docs"

REFUSED = {
    "fixtures/aspose-slides-for-net-8739c76e.pptx": "deck_no_presentation",
    "fixtures/tika-c06c45e8.pptx": "deck_encrypted",
    "fixtures/unstructured-57168d6f.pptx": "deck_not_a_deck",
    "fixtures/unstructured-c0074aa3.pptx": "deck_not_a_deck",
}


@pytest.fixture(scope="module")
def decks_folder(shared_data: Path) -> Path:
    return shared_data / "decks"


@pytest.fixture(scope="module")
def corpus(decks_folder: Path) -> Corpus:
    return scan_folder(decks_folder)


def test_every_deck_is_scanned_or_refused_with_its_code(corpus: Corpus) -> None:
    assert len(corpus.scans) + len(corpus.refusals) == 153
    assert {name: error.code for name, error in corpus.refusals.items()} == REFUSED


def test_every_placement_that_is_left_has_its_reason(corpus: Corpus) -> None:
    placements = [one for found in corpus.scans.values() for one in found.placements]
    assert len(placements) > 1000
    assert all((one.verdict is Verdict.LOW) == (one.reason is None) for one in placements)
    pictures = [one for found in corpus.scans.values() for one in found.pictures]
    assert all((one.verdict is Verdict.LOW) == (one.reason is None) for one in pictures)
    assert all((one.scale in {1, 2, 4}) == (one.verdict is Verdict.LOW) for one in pictures)


def test_the_page_in_the_docs_is_the_one_that_the_command_makes(corpus: Corpus) -> None:
    assert (DOCS / "corpus.md").read_text("utf-8") == corpus_page(corpus)


def test_python_pptx_finds_no_picture_that_the_scan_does_not(
    corpus: Corpus, decks_folder: Path
) -> None:
    compared = 0
    for name, found in corpus.scans.items():
        ours = {
            (one.slide, one.shape_id, one.part): one
            for one in found.placements
            if one.kind is PlacementKind.PICTURE and one.slide is not None
        }
        for key, theirs in witnessed(decks_folder / name):
            assert_same(ours[key], theirs)
            compared += 1
    assert compared > 300


def assert_same(ours: Placement, theirs: dict[str, Any]) -> None:
    if not theirs["grouped"] and theirs["width"] is not None:
        assert ours.shown_width_in == pytest.approx(theirs["width"] / EMU_PER_IN)
        assert ours.shown_height_in == pytest.approx(theirs["height"] / EMU_PER_IN)
    assert ours.rotation_deg == pytest.approx(theirs["turned"]) or theirs["grouped"]
    crop = (ours.crop.left, ours.crop.top, ours.crop.right, ours.crop.bottom)
    assert crop == pytest.approx(theirs["crop"])
    assert ours.shape_name == theirs["name"]


def witnessed(path: Path) -> Iterator[tuple[tuple[int, int, str], dict[str, Any]]]:
    """Yield what python-pptx says of every picture with an image that it lists."""
    try:
        deck = Presentation(str(path))
    except (ValueError, KeyError):
        return  # templates, shows and strict files, which python-pptx does not open
    for number, slide in enumerate(deck.slides, start=1):
        for shape, grouped in all_shapes(slide.shapes, grouped=False):
            if not isinstance(shape, BasePicture) or shape._pic.find(qn("p:blipFill")) is None:
                continue
            rel_id = shape._pic.blip_rId
            rel = slide.part.rels.get(rel_id) if rel_id else None
            if rel is None or rel.is_external:
                continue
            part = str(rel.target_part.partname).lstrip("/")
            yield (
                (number, shape.shape_id, part),
                {
                    "grouped": grouped,
                    "width": shape.width,
                    "height": shape.height,
                    "turned": shape.rotation,
                    "name": shape.name,
                    "crop": (
                        shape.crop_left,
                        shape.crop_top,
                        shape.crop_right,
                        shape.crop_bottom,
                    ),
                },
            )


def all_shapes(shapes: Any, *, grouped: bool) -> Iterator[tuple[Any, bool]]:
    for shape in shapes:
        try:
            is_group = shape.shape_type == MSO_SHAPE_TYPE.GROUP
        except NotImplementedError:
            is_group = False
        if is_group:
            yield from all_shapes(shape.shapes, grouped=True)
        else:
            yield shape, grouped
