"""Pictures used more than once: a use that must not change keeps the old picture."""

import io
from typing import Any

import pytest
from pptx import Presentation

from crispdeck.deck.model import Placement, Reason
from crispdeck.deck.swap import SwapOptions
from crispdeck.deck.thresholds import ScanOptions
from tests.decks import pictures
from tests.decks.building import DeckBuilder, edited, parts_of
from tests.decks.enhancing import Enhanced, enhance
from tests.decks.package_check import package_problems

PART = "ppt/media/image1.png"
COPY = "ppt/media/image2.png"
SLIDE = "ppt/slides/slide1.xml"
RELS = "ppt/slides/_rels/slide1.xml.rels"
SECOND_RELS = "ppt/slides/_rels/slide2.xml.rels"

BLOB = pictures.png()


def shown(done: Enhanced, placement: Placement) -> str:
    """Return the part that a placement shows after the swap, read by another library."""
    presentation: Any = Presentation(io.BytesIO(done.after))
    assert placement.slide is not None
    slide = presentation.slides[placement.slide - 1]
    element = next(
        one
        for one in slide._element.iter("{*}blip")
        if any(
            str(name.get("id")) == str(placement.shape_id)
            for around in one.iterancestors("{*}pic", "{*}sp")
            for name in around.iter("{*}cNvPr")
        )
    )
    rel_id = element.get(f"{{{element.nsmap['r']}}}embed")
    return str(slide.part.related_part(rel_id).partname).lstrip("/")


def assert_copied(done: Enhanced) -> None:
    (swapped,) = done.result.swapped
    assert (swapped.part, swapped.new_part, swapped.copied) == (PART, COPY, True)
    assert parts_of(done.after)[PART] == parts_of(done.before)[PART]
    assert package_problems(done.after) == []


def tile(deck: DeckBuilder, page: Any) -> None:
    deck.fill(page, BLOB, tile=True)


def background_tile(deck: DeckBuilder, page: Any) -> None:
    deck.background(page, BLOB, tile=True)


def bullet(deck: DeckBuilder, page: Any) -> None:
    deck.bullet(page, BLOB)


def colour_key(deck: DeckBuilder, page: Any) -> None:
    deck.colour_key(deck.picture(page, BLOB))


def artistic_effect(deck: DeckBuilder, page: Any) -> None:
    deck.artistic_effect(deck.picture(page, BLOB))


def fallback(deck: DeckBuilder, page: Any) -> None:
    deck.fallback(deck.picture(page, BLOB))


PROTECTED = [tile, background_tile, bullet, colour_key, artistic_effect, fallback]


class TestAcrossSlides:
    @pytest.mark.parametrize("add", PROTECTED)
    def test_a_use_that_must_not_change_keeps_the_old_part(self, add: Any) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        add(deck, deck.slide())
        done = enhance(deck.build())
        assert_copied(done)
        assert done.changed_names == {COPY, RELS}
        assert parts_of(done.after)[RELS] == parts_of(done.before)[RELS].replace(
            b"image1.png", b"image2.png"
        )

    def test_the_copy_stands_behind_the_original_in_the_zip(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        tile(deck, deck.slide())
        done = enhance(deck.build())
        names = list(parts_of(done.after))
        assert names[names.index(PART) + 1] == COPY
        names.remove(COPY)
        assert names == list(parts_of(done.before))

    def test_a_layout_keeps_its_picture_while_only_slides_are_asked_for(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        deck.layout_picture(BLOB)
        assert_copied(enhance(deck.build()))

    def test_a_layout_changes_with_the_slides_when_layouts_are_asked_for(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        deck.layout_picture(BLOB)
        done = enhance(deck.build(), options=ScanOptions(layouts=True))
        assert done.changed_names == {PART}

    def test_small_and_sharp_uses_simply_change_with_the_low_one(self) -> None:
        deck = DeckBuilder()
        blob = pictures.png(240, 180)
        deck.picture(deck.slide(), blob)
        deck.picture(deck.slide(), blob, (1, 1, 1.6, 1.2))
        deck.picture(deck.slide(), blob, (1, 1, 0.4, 0.3))
        done = enhance(deck.build())
        reasons = [placement.reason for placement in done.scan.placements]
        assert reasons == [None, Reason.ALREADY_SHARP, Reason.ALREADY_SHARP]
        assert done.changed_names == {PART}

    def test_a_drawing_that_is_no_xml_keeps_the_old_part(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        vml = "ppt/drawings/vmlDrawing1.vml"
        rels = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/image" Target="../media/image1.png"/></Relationships>'
        )
        before = edited(
            deck.build(),
            {
                "[Content_Types].xml": lambda x: x.replace(
                    b"<Override",
                    b'<Default Extension="vml" ContentType="application/'
                    b'vnd.openxmlformats-officedocument.vmlDrawing"/><Override',
                    1,
                )
            },
            added={
                vml: b'<xml><v:imagedata o:relid="rId1"><br></xml>',
                "ppt/drawings/_rels/vmlDrawing1.vml.rels": rels,
            },
        )
        assert_copied(enhance(before))

    def test_the_thumbnail_of_the_package_keeps_the_old_part(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), BLOB)
        before = edited(
            deck.build(),
            {
                "_rels/.rels": lambda x: x.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/package/'
                    b'2006/relationships/metadata/thumbnail" Target="ppt/media/image1.png"/>'
                    b"</Relationships>",
                )
            },
        )
        assert_copied(enhance(before))


class TestOnOneSlide:
    @pytest.mark.parametrize("add", PROTECTED)
    def test_one_relationship_with_both_kinds_of_use_is_split(self, add: Any) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        add(deck, page)
        deck.picture(page, BLOB)
        done = enhance(deck.build())
        assert_copied(done)
        assert done.changed_names == {COPY, RELS, SLIDE}
        for placement in done.scan.placements:
            if placement.reason is None:
                assert shown(done, placement) == COPY

    def test_the_use_that_must_not_change_still_shows_the_old_part(self) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        deck.picture(page, BLOB)
        colour_key(deck, page)
        deck.picture(page, BLOB)
        done = enhance(deck.build())
        parts = [shown(done, placement) for placement in done.scan.placements]
        assert parts == [COPY, PART, COPY]

    def test_the_slide_differs_in_one_attribute_alone(self) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        tile(deck, page)
        deck.picture(page, BLOB)
        done = enhance(deck.build())
        old, new = parts_of(done.before)[SLIDE], parts_of(done.after)[SLIDE]
        at = old.rindex(b'r:embed="rId2"')
        assert new == old[:at] + b'r:embed="rId3"' + old[at + len(b'r:embed="rId2"') :]

    def test_the_new_relationship_is_the_old_ones_text_with_another_id_and_file(self) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        tile(deck, page)
        deck.picture(page, BLOB)
        done = enhance(deck.build())
        old, new = parts_of(done.before)[RELS], parts_of(done.after)[RELS]
        element = next(t for t in old.split(b"<") if b"image1.png" in t)
        twin = b"<" + element.replace(b"rId2", b"rId3").replace(b"image1", b"image2")
        assert new.count(twin.strip()) == 1
        assert new.replace(twin.strip(), b"", 1) == old

    def test_a_gif_beside_its_own_tile_leaves_the_gif_and_adds_a_png(self) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        deck.fill(page, pictures.gif(), tile=True)
        deck.picture(page, pictures.gif())
        done = enhance(deck.build())
        (swapped,) = done.result.swapped
        assert (swapped.part, swapped.new_part) == ("ppt/media/image1.gif", COPY)
        assert {"ppt/media/image1.gif", COPY} <= parts_of(done.after).keys()
        assert package_problems(done.after) == []


class TestChosenPlacements:
    def deck(self) -> bytes:
        deck = DeckBuilder()
        page = deck.slide()
        deck.picture(page, BLOB, (0, 0, 4, 3))
        deck.picture(page, BLOB, (5, 0, 4, 3))
        deck.picture(deck.slide(), BLOB)
        return deck.build()

    def test_only_the_chosen_one_changes(self) -> None:
        done = enhance(self.deck(), parts=[PART], placements=frozenset({"2"}))
        assert_copied(done)
        assert [shown(done, p) for p in done.scan.placements] == [PART, COPY, PART]

    def test_a_whole_slide_needs_no_second_relationship(self) -> None:
        done = enhance(self.deck(), parts=[PART], placements=frozenset({"1", "2"}))
        assert done.changed_names == {COPY, RELS}
        assert [shown(done, p) for p in done.scan.placements] == [COPY, COPY, PART]

    def test_all_of_them_change_in_place(self) -> None:
        done = enhance(self.deck(), parts=[PART], placements=frozenset({"1", "2", "3"}))
        assert done.changed_names == {PART}


def test_a_picture_that_is_only_a_tile_is_left_with_the_reason() -> None:
    deck = DeckBuilder()
    tile(deck, deck.slide())
    done = enhance(deck.build(), parts=[PART])
    assert done.result.left == ((PART, Reason.TILE_FILL),)
    assert done.after == done.before


def test_a_copy_counts_in_full_against_the_budget() -> None:
    deck = DeckBuilder()
    deck.picture(deck.slide(), BLOB)
    tile(deck, deck.slide())
    probe = enhance(deck.build())
    (swapped,) = probe.result.swapped
    tight = SwapOptions(max_growth_factor=1.0, free_growth_bytes=swapped.bytes_after - 1)
    assert enhance(deck.build(), budget=tight).result.left == ((PART, Reason.GROWTH_BUDGET),)
