"""Swapping: what changes in the deck's bytes, and that nothing else does."""

import io
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from crispdeck.deck.model import Reason
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.swap import Replacement, SwapOptions, swap
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import SwapRefusedError
from crispdeck.picture.formats import PictureFormat
from tests.decks import pictures
from tests.decks.building import DeckBuilder, edited, parts_of, strict
from tests.decks.enhancing import enhance, raw_entries, replacement
from tests.decks.one_way import OneWay
from tests.decks.package_check import content_types, package_problems

TYPES = "[Content_Types].xml"
RELS = "ppt/slides/_rels/slide1.xml.rels"


def one_picture_deck(blob: bytes) -> bytes:
    deck = DeckBuilder()
    deck.picture(deck.slide(), blob)
    return deck.build()


class TestTheSameFormat:
    @pytest.mark.parametrize("kind", ["png", "jpeg"])
    def test_only_the_pictures_own_entry_changes(self, kind: str) -> None:
        done = enhance(one_picture_deck(getattr(pictures, kind)()))
        (swapped,) = done.result.swapped
        assert swapped.new_part == swapped.part
        assert done.changed_names == {swapped.part}
        assert list(raw_entries(done.before)) == list(raw_entries(done.after))
        assert package_problems(done.after) == []

    def test_the_report_gives_sizes_and_the_key_of_the_new_bytes(self) -> None:
        done = enhance(one_picture_deck(pictures.png()))
        (swapped,) = done.result.swapped
        new = parts_of(done.after)[swapped.part]
        assert (swapped.bytes_before, swapped.bytes_after) == (len(pictures.png()), len(new))
        assert (done.result.bytes_before, done.result.bytes_after) == (
            len(done.before),
            len(done.after),
        )

    def test_the_picture_of_a_table_cell_is_swapped_as_any_other(self) -> None:
        deck = DeckBuilder()
        deck.table_cell(deck.slide(), pictures.png())
        done = enhance(deck.build())
        (swapped,) = done.result.swapped
        assert done.changed_names == {swapped.part}
        assert package_problems(done.after) == []

    def test_a_stored_picture_stays_stored_and_a_deflated_one_deflated(self) -> None:
        done = enhance(one_picture_deck(pictures.png()))
        with open_deck(done.before) as old, open_deck(done.after) as new:
            assert [e.method for e in old.entries] == [e.method for e in new.entries]

    def test_a_png_named_tmp_keeps_its_name_and_its_type(self) -> None:
        deck = edited(
            one_picture_deck(pictures.png()),
            {
                TYPES: lambda x: x.replace(b'Extension="png"', b'Extension="tmp"'),
                RELS: lambda x: x.replace(b"image1.png", b"image1.tmp"),
            },
            renamed={"ppt/media/image1.png": "ppt/media/image1.tmp"},
        )
        done = enhance(deck)
        assert done.changed_names == {"ppt/media/image1.tmp"}
        assert package_problems(done.after) == []

    def test_a_misspelt_content_type_is_kept(self) -> None:
        deck = edited(
            one_picture_deck(pictures.jpeg()),
            {TYPES: lambda x: x.replace(b'"image/jpeg"', b'"image/jpg"')},
        )
        assert enhance(deck).changed_names == {"ppt/media/image1.jpg"}

    def test_a_gif_that_claims_to_be_a_png_becomes_one_under_its_name(self) -> None:
        deck = edited(
            one_picture_deck(pictures.png()), {"ppt/media/image1.png": lambda _: pictures.gif()}
        )
        done = enhance(deck)
        assert done.changed_names == {"ppt/media/image1.png"}
        assert package_problems(done.before) != []
        assert package_problems(done.after) == []

    def test_the_same_input_gives_the_same_bytes_in_any_order(self) -> None:
        deck = DeckBuilder()
        for seed, make in enumerate((pictures.gif, pictures.png, pictures.bmp)):
            deck.picture(deck.slide(), make(seed=seed))
        before = deck.build()
        names = [p.part for p in enhance(before).scan.pictures]
        forth, back = enhance(before, parts=names), enhance(before, parts=names[::-1])
        assert forth.after == back.after

    def test_identical_bytes_in_two_parts_are_both_replaced(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.png(seed=1))
        deck.picture(deck.slide(), pictures.png(seed=2))
        twins = edited(deck.build(), {"ppt/media/image2.png": lambda _: pictures.png(seed=1)})
        done = enhance(twins)
        new = parts_of(done.after)
        assert done.changed_names == {"ppt/media/image1.png", "ppt/media/image2.png"}
        assert new["ppt/media/image1.png"] == new["ppt/media/image2.png"]

    def test_the_output_needs_no_seek(self) -> None:
        deck = one_picture_deck(pictures.png())
        out = OneWay()
        with open_deck(deck) as archive:
            new = replacement(archive, "ppt/media/image1.png")
            swap(archive, scan(archive), [new], out)  # type: ignore[arg-type]  # why: a raw stream
        assert bytes(out.kept) == enhance(deck).after


class TestAnotherFormat:
    @pytest.mark.parametrize(
        ("make", "old_name"),
        [
            (pictures.gif, "image1.gif"),
            (pictures.bmp, "image1.bmp"),
            (pictures.tiff, "image1.tiff"),
        ],
    )
    def test_it_moves_to_a_new_png_part(self, make: object, old_name: str) -> None:
        assert callable(make)
        done = enhance(one_picture_deck(make()))
        (swapped,) = done.result.swapped
        assert swapped.part == f"ppt/media/{old_name}"
        assert swapped.new_part == "ppt/media/image2.png"
        assert swapped.part not in parts_of(done.after)
        assert done.changed_names == {swapped.part, swapped.new_part, RELS, TYPES}
        assert package_problems(done.after) == []

    def test_the_relationship_differs_in_the_file_name_alone(self) -> None:
        done = enhance(one_picture_deck(pictures.gif()))
        old, new = parts_of(done.before)[RELS], parts_of(done.after)[RELS]
        assert new == old.replace(b"image1.gif", b"image2.png")
        assert new != old

    def test_the_content_types_gain_one_default_and_lose_nothing(self) -> None:
        done = enhance(one_picture_deck(pictures.gif()))
        old, new = parts_of(done.before)[TYPES], parts_of(done.after)[TYPES]
        added = b'<Default Extension="png" ContentType="image/png"/>'
        assert new.count(added) == 1
        assert new.replace(added, b"") == old

    def test_a_default_in_capitals_is_enough(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.gif())
        deck.picture(deck.slide(), pictures.png(480, 360))
        before = edited(
            deck.build(), {TYPES: lambda x: x.replace(b'Extension="png"', b'Extension="PNG"')}
        )
        done = enhance(before, parts=["ppt/media/image1.gif"])
        assert parts_of(done.after)[TYPES] == parts_of(before)[TYPES]

    def test_a_default_that_says_something_else_gets_an_override(self) -> None:
        before = edited(
            one_picture_deck(pictures.gif()),
            {
                TYPES: lambda x: x.replace(
                    b"<Override", b'<Default Extension="png" ContentType="image/jpeg"/><Override', 1
                )
            },
        )
        after = enhance(before).after
        assert content_types(parts_of(after))["ppt/media/image2.png"] == "image/png"
        assert package_problems(after) == []

    def test_the_override_of_the_removed_part_goes(self) -> None:
        override = b'<Override PartName="/ppt/media/image1.gif" ContentType="image/gif"/>'
        before = edited(
            one_picture_deck(pictures.gif()),
            {TYPES: lambda x: x.replace(b"</Types>", override + b"</Types>")},
        )
        done = enhance(before)
        assert override not in parts_of(done.after)[TYPES]
        assert package_problems(done.after) == []

    def test_the_new_number_is_free_in_every_ending(self) -> None:
        deck = DeckBuilder()
        for seed, make in enumerate((pictures.gif, pictures.jpeg, pictures.png)):
            deck.picture(deck.slide(), make(seed=seed))
        done = enhance(deck.build(), parts=["ppt/media/image1.gif"])
        assert done.result.swapped[0].new_part == "ppt/media/image4.png"

    def test_every_slide_that_shows_it_is_repointed(self) -> None:
        deck = DeckBuilder()
        for _ in range(3):
            deck.picture(deck.slide(), pictures.gif())
        done = enhance(deck.build())
        rels = {f"ppt/slides/_rels/slide{n}.xml.rels" for n in (1, 2, 3)}
        assert rels < done.changed_names
        assert package_problems(done.after) == []

    def test_a_relationship_that_nothing_uses_is_repointed_too(self) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.gif())
        second = deck.slide()
        idle = deck.picture(second, pictures.gif())
        idle._element.getparent().remove(idle._element)
        done = enhance(deck.build())
        assert "ppt/media/image1.gif" not in parts_of(done.after)
        assert package_problems(done.after) == []

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_relationships_in_utf_16_stay_in_utf_16(self, encoding: str) -> None:
        def recoded(blob: bytes) -> bytes:
            text = blob.decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
            return ("\ufeff" + text.replace('encoding="UTF-8"', 'encoding="UTF-16"')).encode(
                encoding
            )

        done = enhance(edited(one_picture_deck(pictures.gif()), {RELS: recoded}))
        old, new = parts_of(done.before)[RELS], parts_of(done.after)[RELS]
        assert new == old.replace("image1.gif".encode(encoding), "image2.png".encode(encoding))
        assert new != old

    def test_an_absolute_target_stays_absolute(self) -> None:
        before = edited(
            one_picture_deck(pictures.gif()),
            {RELS: lambda x: x.replace(b"../media/", b"/ppt/media/")},
        )
        done = enhance(before)
        assert b'"/ppt/media/image2.png"' in parts_of(done.after)[RELS]
        assert package_problems(done.after) == []


class TestStrictDecks:
    def test_a_format_change_keeps_the_strict_words(self) -> None:
        done = enhance(strict(one_picture_deck(pictures.gif())))
        old, new = parts_of(done.before)[RELS], parts_of(done.after)[RELS]
        assert done.scan.strict
        assert new == old.replace(b"image1.gif", b"image2.png")
        assert package_problems(done.after) == []

    def test_a_split_adds_a_strict_relationship(self) -> None:
        deck = DeckBuilder()
        page = deck.slide()
        deck.fill(page, pictures.png(), tile=True)
        deck.picture(page, pictures.png())
        done = enhance(strict(deck.build()))
        new = parts_of(done.after)[RELS]
        assert (
            new.count(b"purl.oclc.org") == parts_of(done.before)[RELS].count(b"purl.oclc.org") + 1
        )
        assert b"schemas.openxmlformats.org/officeDocument" not in new
        assert package_problems(done.after) == []


class TestTheBudget:
    def test_the_worst_pictures_are_taken_first_and_the_others_left_with_the_reason(self) -> None:
        deck = DeckBuilder()
        worse = deck.slide()
        deck.picture(worse, pictures.png(60, 45, seed=1), (0, 0, 8, 6))
        deck.picture(deck.slide(), pictures.png(300, 225, seed=2), (1, 1, 4, 3))
        budget = SwapOptions(max_growth_factor=1.0, free_growth_bytes=6_000)
        done = enhance(deck.build(), budget=budget)
        assert [s.part for s in done.result.swapped] == ["ppt/media/image1.png"]
        assert done.result.left == (("ppt/media/image2.png", Reason.GROWTH_BUDGET),)
        assert done.changed_names == {"ppt/media/image1.png"}
        assert done.result.bytes_after - done.result.bytes_before <= 6_000

    def test_a_factor_lets_a_large_deck_grow_by_its_own_measure(self) -> None:
        deck = one_picture_deck(pictures.png(300, 225))
        small = SwapOptions(max_growth_factor=1.0, free_growth_bytes=0)
        large = SwapOptions(max_growth_factor=4.0, free_growth_bytes=0)
        assert enhance(deck, budget=small).result.swapped == ()
        assert len(enhance(deck, budget=large).result.swapped) == 1

    def test_a_deck_with_nothing_to_swap_comes_back_byte_for_byte(self) -> None:
        deck = one_picture_deck(pictures.png())
        assert enhance(deck, parts=[]).after == deck


class TestRefusals:
    def refused(self, deck: bytes, *replacements: Replacement) -> str:
        with open_deck(deck) as archive, pytest.raises(SwapRefusedError) as caught:
            swap(archive, scan(archive), replacements, io.BytesIO())
        return caught.value.message

    def claim(self, part: str, blob: bytes, **claims: object) -> Replacement:
        known = {"format": PictureFormat.PNG, "size_bytes": len(blob), **claims}
        return Replacement(part=part, load=partial(bytes, blob), **known)  # type: ignore[arg-type]  # why: one test each

    def test_bytes_of_another_format_are_refused(self) -> None:
        new = self.claim("ppt/media/image1.png", pictures.jpeg())
        assert "are no png" in self.refused(one_picture_deck(pictures.png()), new)

    def test_bytes_of_another_size_are_refused(self) -> None:
        new = self.claim("ppt/media/image1.png", pictures.png(), size_bytes=7)
        assert "another size" in self.refused(one_picture_deck(pictures.png()), new)

    def test_a_part_that_is_no_picture_is_refused(self) -> None:
        new = self.claim("ppt/presentation.xml", pictures.png())
        assert "no picture" in self.refused(one_picture_deck(pictures.png()), new)

    def test_two_replacements_for_one_picture_are_refused(self) -> None:
        new = self.claim("ppt/media/image1.png", pictures.png())
        assert "two replacements" in self.refused(one_picture_deck(pictures.png()), new, new)

    def test_the_scan_of_another_deck_is_refused(self) -> None:
        with open_deck(one_picture_deck(pictures.png(seed=1))) as other:
            old_scan = scan(other)
        with open_deck(one_picture_deck(pictures.png(seed=2))) as archive:
            new = replacement(archive, "ppt/media/image1.png")
            with pytest.raises(SwapRefusedError, match="not the one that was scanned"):
                swap(archive, old_scan, [new], io.BytesIO())

    def test_an_unknown_placement_is_refused(self) -> None:
        new = self.claim("ppt/media/image1.png", pictures.png(), placements=frozenset({"99"}))
        assert "no such placement" in self.refused(one_picture_deck(pictures.png()), new)

    def test_a_placement_that_must_not_change_is_refused(self) -> None:
        deck = DeckBuilder()
        deck.fill(deck.slide(), pictures.png(), tile=True)
        new = self.claim("ppt/media/image1.png", pictures.png(), placements=frozenset({"1"}))
        assert "tile_fill" in self.refused(deck.build(), new)


def test_a_picture_may_be_replaced_though_it_is_sharp_already() -> None:
    deck = one_picture_deck(pictures.png(900, 700))
    done = enhance(deck, parts=["ppt/media/image1.png"], options=ScanOptions(low_ppi=72))
    assert done.changed_names == {"ppt/media/image1.png"}


def test_memory_stays_flat_as_media_that_is_not_replaced_grows(tmp_path: Path) -> None:
    movie = np.random.default_rng(1).bytes(48 << 20)
    path = tmp_path / "large.pptx"
    path.write_bytes(
        edited(one_picture_deck(pictures.png()), added={"ppt/media/media1.png": movie})
    )
    with open_deck(path) as archive, (tmp_path / "out.pptx").open("wb") as out:
        found = scan(archive)
        new = replacement(archive, "ppt/media/image1.png")
        tracemalloc.start()
        try:
            swap(archive, found, [new], out)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (tmp_path / "out.pptx").stat().st_size > len(movie)
    assert peak_bytes < 8 << 20
