"""Originals are kept whole and come back, whatever happened to the deck meanwhile."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.originals import OriginalsStore, revert
from crispdeck.deck.swapped import SwapResult
from crispdeck.errors import SwapRefusedError
from crispdeck.picture.formats import PictureFormat
from tests.decks import pictures
from tests.decks.building import DeckBuilder, edited, parts_of
from tests.decks.enhancing import Enhanced, enhance, raw_entries
from tests.decks.kinds import deck_of_all_kinds
from tests.decks.package_check import package_problems

TYPES = "[Content_Types].xml"


def sha256(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def mixed_deck(*, with_gif: bool) -> bytes:
    deck = DeckBuilder()
    deck.picture(deck.slide(), pictures.png(seed=1))
    deck.picture(deck.slide(), pictures.jpeg(seed=2))
    if with_gif:
        deck.picture(deck.slide(), pictures.gif(seed=3))
        deck.picture(deck.slide(), pictures.bmp(seed=4))
    return deck.build()


def kept(store: OriginalsStore, done: Enhanced) -> None:
    with open_deck(done.before) as archive:
        store.keep_swapped(archive, done.result)


def reverted(
    store: OriginalsStore, deck: bytes, parts: list[str] | None = None
) -> tuple[bytes, SwapResult]:
    out = io.BytesIO()
    with open_deck(deck) as archive:
        result = revert(archive, store, out, parts)
    return out.getvalue(), result


class TestTheStore:
    def test_what_was_kept_is_found(self, store: OriginalsStore) -> None:
        store.keep(sha256(b"new"), pictures.gif(), PictureFormat.GIF)
        assert store.find(sha256(b"new")) == (pictures.gif(), PictureFormat.GIF)

    def test_what_was_never_kept_is_not_found(self, store: OriginalsStore) -> None:
        assert store.find(sha256(b"another")) is None

    def test_keeping_twice_leaves_one_file(self, store: OriginalsStore, folder: Path) -> None:
        for _ in range(2):
            store.keep(sha256(b"new"), pictures.gif(), PictureFormat.GIF)
        assert len([path for path in folder.rglob("*") if path.is_file()]) == 1

    def test_a_key_that_is_no_sha256_reaches_no_file(self, store: OriginalsStore) -> None:
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.find("../../etc/passwd")

    def test_a_changed_file_is_refused(self, store: OriginalsStore, folder: Path) -> None:
        store.keep(sha256(b"new"), pictures.gif(), PictureFormat.GIF)
        (path,) = folder.rglob("*.zip")
        path.write_bytes(path.read_bytes().replace(b"GIF8", b"GIF9"))
        with pytest.raises(SwapRefusedError, match="damaged"):
            store.find(sha256(b"new"))

    def test_a_write_that_fails_leaves_nothing(self, store: OriginalsStore, folder: Path) -> None:
        place = folder / sha256(b"new")[:2]
        folder.mkdir()
        place.write_bytes(b"a file where a folder should be")
        with pytest.raises(OSError, match=r"exists|directory"):
            store.keep(sha256(b"new"), pictures.gif(), PictureFormat.GIF)
        assert [path for path in folder.rglob("*") if path.is_file()] == [place]

    def test_any_zip_program_opens_what_is_kept(self, store: OriginalsStore, folder: Path) -> None:
        kept(store, enhance(mixed_deck(with_gif=False)))
        contents = set()
        for path in folder.rglob("*.zip"):
            with zipfile.ZipFile(path) as archive:
                contents.add((archive.namelist()[0], archive.read(archive.namelist()[0])))
        assert contents == {
            ("ppt/media/image1.png", pictures.png(seed=1)),
            ("ppt/media/image2.jpg", pictures.jpeg(seed=2)),
        }


class TestAFullRevert:
    def test_without_a_change_of_format_it_is_the_original_file(
        self, store: OriginalsStore
    ) -> None:
        done = enhance(mixed_deck(with_gif=False))
        kept(store, done)
        assert done.after != done.before
        assert reverted(store, done.after)[0] == done.before

    def test_with_a_change_of_format_every_part_but_the_types_is_the_original(
        self, store: OriginalsStore
    ) -> None:
        done = enhance(mixed_deck(with_gif=True))
        kept(store, done)
        back, result = reverted(store, done.after)
        old, new = parts_of(done.before), parts_of(back)
        assert list(old) == list(new)
        assert {name for name in old if old[name] != new[name]} <= {TYPES}
        assert len(result.swapped) == 4
        assert package_problems(back) == []

    def test_every_kind_of_picture_has_its_own_bytes_again(self, store: OriginalsStore) -> None:
        done = enhance(deck_of_all_kinds())
        kept(store, done)
        back, result = reverted(store, done.after)
        old, new = parts_of(done.before), parts_of(back)
        assert len(result.swapped) == 18
        assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} <= {
            TYPES
        }

    def test_a_copy_on_write_is_undone(self, store: OriginalsStore) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.png())
        deck.fill(deck.slide(), pictures.png(), tile=True)
        done = enhance(deck.build())
        kept(store, done)
        back, result = reverted(store, done.after)
        assert parts_of(back) == parts_of(done.before)
        assert result.swapped[0].new_part == "ppt/media/image1.png"

    def test_two_gifs_of_the_same_bytes_both_get_their_names_back(
        self, store: OriginalsStore
    ) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.gif(seed=1))
        deck.picture(deck.slide(), pictures.gif(seed=2))
        twins = edited(deck.build(), {"ppt/media/image2.gif": lambda _: pictures.gif(seed=1)})
        done = enhance(twins)
        kept(store, done)
        old, new = parts_of(done.before), parts_of(reverted(store, done.after)[0])
        assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} <= {
            TYPES
        }

    def test_a_gif_that_claimed_to_be_a_png_claims_it_again(self, store: OriginalsStore) -> None:
        deck = DeckBuilder()
        deck.picture(deck.slide(), pictures.png())
        lying = edited(deck.build(), {"ppt/media/image1.png": lambda _: pictures.gif()})
        done = enhance(lying)
        kept(store, done)
        assert reverted(store, done.after)[0] == done.before

    def test_different_files_that_show_the_same_each_come_back(self, store: OriginalsStore) -> None:
        image = pictures.drawing()
        first = pictures.saved(image, "png", compress_level=1)
        second = pictures.saved(image, "png", compress_level=9)
        deck = DeckBuilder()
        deck.picture(deck.slide(), first)
        deck.picture(deck.slide(), second)
        done = enhance(deck.build())
        kept(store, done)
        assert len({swapped.new_sha256 for swapped in done.result.swapped}) == 2
        media = {n: b for n, b in parts_of(reverted(store, done.after)[0]).items() if "media/" in n}
        assert media == {"ppt/media/image1.png": first, "ppt/media/image2.png": second}

    def test_a_store_shared_by_decks_gives_each_its_own_name_for_a_copy(
        self, store: OriginalsStore
    ) -> None:
        for other in range(3):
            deck = DeckBuilder()
            for seed in range(other):
                deck.picture(deck.slide(), pictures.jpeg(seed=seed))
            deck.picture(deck.slide(), pictures.png())
            deck.fill(deck.slide(), pictures.png(), tile=True)
            done = enhance(deck.build(), parts=[f"ppt/media/image{other + 1}.png"])
            kept(store, done)
            assert parts_of(reverted(store, done.after)[0]) == parts_of(done.before)


class TestADeckThatWentOn:
    def test_after_an_edit_and_a_save_elsewhere_the_pictures_come_back(
        self, store: OriginalsStore
    ) -> None:
        done = enhance(mixed_deck(with_gif=True))
        kept(store, done)
        presentation: Any = Presentation(io.BytesIO(done.after))
        presentation.slides[0].shapes.add_textbox(0, 0, 9, 9).text_frame.text = "added later"
        saved = io.BytesIO()
        presentation.save(saved)
        back, result = reverted(store, saved.getvalue())
        assert len(result.swapped) == 4
        blobs = set(parts_of(back).values())
        assert {pictures.png(seed=1), pictures.jpeg(seed=2), pictures.gif(seed=3)} <= blobs
        assert pictures.bmp(seed=4) in blobs
        assert package_problems(back) == []
        assert b"added later" in parts_of(back)["ppt/slides/slide1.xml"]

    def test_renamed_parts_are_found_by_their_bytes(self, store: OriginalsStore) -> None:
        done = enhance(mixed_deck(with_gif=False))
        kept(store, done)
        moved = edited(
            done.after,
            {
                "ppt/slides/_rels/slide1.xml.rels": lambda x: x.replace(
                    b"image1.png", b"image77.png"
                )
            },
            renamed={"ppt/media/image1.png": "ppt/media/image77.png"},
        )
        back, _ = reverted(store, moved)
        assert parts_of(back)["ppt/media/image77.png"] == pictures.png(seed=1)

    def test_only_the_chosen_picture_comes_back(self, store: OriginalsStore) -> None:
        done = enhance(mixed_deck(with_gif=False))
        kept(store, done)
        back, result = reverted(store, done.after, ["ppt/media/image2.jpg"])
        assert [swapped.part for swapped in result.swapped] == ["ppt/media/image2.jpg"]
        old, new = raw_entries(done.after), raw_entries(back)
        assert {name for name in old if old[name] != new[name]} == {"ppt/media/image2.jpg"}
        assert parts_of(back)["ppt/media/image2.jpg"] == pictures.jpeg(seed=2)

    def test_a_deck_that_was_never_enhanced_comes_back_as_it_is(
        self, store: OriginalsStore
    ) -> None:
        deck = mixed_deck(with_gif=True)
        back, result = reverted(store, deck)
        assert (back, result.swapped) == (deck, ())

    def test_choosing_a_picture_without_an_original_is_refused(self, store: OriginalsStore) -> None:
        with pytest.raises(SwapRefusedError, match="No original"):
            reverted(store, mixed_deck(with_gif=False), ["ppt/media/image1.png"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "originals"


@pytest.fixture
def store(folder: Path) -> OriginalsStore:
    return OriginalsStore(folder)


def photo(*, author: str) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if author:
        exif[315] = author
        exif.get_ifd(0x8825)[1] = "N"
    Image.effect_noise((96, 64), 40).point(lambda v: v // 32 * 32).save(
        out, "JPEG", exif=exif if author else b""
    )
    return out.getvalue()


class TestTwoDecksThatShowTheSame:
    """A picture with author and place in it, and the same without: each deck gets its own back."""

    @pytest.mark.parametrize("first", [0, 1])
    def test_each_gets_its_own_bytes(self, store: OriginalsStore, first: int) -> None:
        said = photo(author="A. Person")
        bare = jpeg_without_notes(said)
        decks = []
        for blob in (said, bare):
            deck = DeckBuilder()
            deck.picture(deck.slide(), blob)
            decks.append(deck.build())
        done = [enhance(deck) for deck in decks]
        for one in (done[first], done[1 - first]):
            kept(store, one)
        for one, blob in zip(done, (said, bare), strict=True):
            assert blob in parts_of(reverted(store, one.after)[0]).values()

    def test_where_nothing_names_the_original_the_one_that_says_less_is_taken(
        self, store: OriginalsStore
    ) -> None:
        said = photo(author="A. Person")
        bare = jpeg_without_notes(said)
        deck = DeckBuilder()
        new = pictures.jpeg(seed=5)
        deck.picture(deck.slide(), new)
        for blob, part in ((said, "ppt/media/image1.jpg"), (bare, "ppt/media/image9.jpg")):
            store.keep(sha256(new), blob, PictureFormat.JPEG, part=part)
        assert bare in parts_of(reverted(store, deck.build())[0]).values()


def jpeg_without_notes(blob: bytes) -> bytes:
    start = blob.index(b"\xff\xe1")
    return blob[:start] + blob[start + 2 + int.from_bytes(blob[start + 2 : start + 4]) :]
