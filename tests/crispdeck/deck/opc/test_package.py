"""Content types, relationships and the main part, as sloppy as real writers spell them."""

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import MalformedDeckError, NoPresentationError
from tests.crispdeck.deck.deck_maker import Made, relationships

OPEN_XML = "application/vnd.openxmlformats-officedocument.presentationml.{}.main+xml"
MACRO = "application/vnd.ms-powerpoint.{}.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("main_type", "kind"),
    [
        (OPEN_XML.format("presentation"), "presentation"),
        (OPEN_XML.format("template"), "template"),
        (OPEN_XML.format("slideshow"), "show"),
        (MACRO.format("presentation"), "macro presentation"),
        (MACRO.format("template"), "macro template"),
        (MACRO.format("slideshow"), "macro show"),
    ],
)
def test_all_six_kinds_of_deck_are_read_by_one_path(main_type: str, kind: str) -> None:
    with open_deck(Made(slides=[""], main_type=main_type).blob()) as deck:
        assert deck.package.kind == kind
        assert scan(deck).kind == kind


@pytest.mark.parametrize(
    "target",
    [
        "../media/image1.png",
        "/ppt/media/image1.png",
        "../MEDIA/Image1.PNG",
        "../media/image%31.png",
        "../media/image1.png#frame",
        "./../slides/../media//image1.png",
        "../../../ppt/media/image1.png",
    ],
)
def test_targets_are_found_however_they_are_spelled(target: str) -> None:
    made = Made(slides=[""])
    made.parts["ppt/slides/_rels/slide1.xml.rels"] = relationships(("rId2", "image", target))
    with open_deck(made.blob()) as deck:
        (rel,) = deck.package.relationships("ppt/slides/slide1.xml")
        assert rel.part == "ppt/media/image1.png"
        assert rel.kind == "image"
        assert rel.target == target


@pytest.mark.parametrize("target", ["", "NULL", "../media/none.png", "../../.."])
def test_a_target_that_is_missing_is_none(target: str) -> None:
    made = Made(slides=[""])
    made.parts["ppt/slides/_rels/slide1.xml.rels"] = relationships(("rId2", "image", target))
    with open_deck(made.blob()) as deck:
        assert deck.package.relationships("ppt/slides/slide1.xml")[0].part is None


def test_a_part_without_relationships_has_none() -> None:
    with open_deck(Made(slides=[""]).blob()) as deck:
        assert deck.package.relationships("ppt/media/image1.png") == ()


def test_types_come_from_the_override_before_the_extension() -> None:
    types = '<Override PartName="/ppt/media/IMAGE1.png" ContentType="image/x-own"/>'
    with open_deck(Made(slides=[""], types=types).blob()) as deck:
        assert deck.package.content_type("ppt/media/image1.png") == "image/x-own"
        assert deck.package.content_type("ppt/media/other.PNG") == "image/png"
        assert deck.package.content_type("ppt/media/other.tmp") == ""


def test_a_presentation_that_no_relationship_names_is_malformed() -> None:
    made = Made(slides=[""], parts={"_rels/.rels": relationships()})
    with pytest.raises(MalformedDeckError):
        open_deck(made.blob())


@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels"])
def test_a_package_that_cannot_be_read_is_malformed(part: str) -> None:
    with pytest.raises(MalformedDeckError):
        open_deck(Made(slides=[""], parts={part: "<broken"}).blob())


def test_a_main_part_that_is_missing_makes_no_presentation() -> None:
    made = Made(parts={"_rels/.rels": relationships(("rId1", "officeDocument", "none.xml"))})
    made.main_type = "text/plain"
    with pytest.raises(NoPresentationError):
        open_deck(made.blob())
