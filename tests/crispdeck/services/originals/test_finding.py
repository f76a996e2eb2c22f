"""True originals are found in decks and folders, and taken only where that is a gain."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("cv2")

from crispdeck.deck.opc.archive import open_deck
from crispdeck.picture.inspect import inspect
from crispdeck.picture.notes import original_mark
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from crispdeck.services.originals.files import files_in, load_from
from crispdeck.services.originals.finding import ORIGINAL, find_original
from crispdeck.services.originals.library import Library
from crispdeck.settings import Settings
from tests.crispdeck.picture.matching.test_proof import page
from tests.small_deck import deck_of, picture_blob

SETTINGS = Settings()


def png(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


SMALL = png(page().resize((160, 100), Image.Resampling.BICUBIC), dpi=(96, 96))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    brand = tmp_path / "Brand"
    (brand / "old").mkdir(parents=True)
    (brand / "old" / "page.png").write_bytes(png(page()))
    (brand / "other.png").write_bytes(picture_blob(1, 300))
    (brand / "notes.txt").write_text("no picture")
    return brand


def library(folder: Path) -> Library:
    made = Library(SETTINGS)
    made.add_folder(folder)
    return made


def test_an_original_in_a_folder_is_taken_with_its_name_and_figures(folder: Path) -> None:
    found = find_original(SMALL, library(folder).candidates(SMALL), 4, SETTINGS)
    assert found is not None
    assert (found.width_px, found.height_px) == (640, 400)
    assert np.array_equal(decode(found.blob, max_px=1 << 20).pixels.colour, np.asarray(page()))
    told = found.report["original"]
    assert (found.report["network"], told["name"]) == (ORIGINAL, "Brand/old/page.png")
    assert told["shrinks_back_db"] > 60
    assert told["colour_matched"] is False


def test_candidates_whose_files_were_moved_are_passed_over(folder: Path) -> None:
    (there,) = library(folder).candidates(SMALL)
    gone = replace(there, load=(folder / "gone.png").read_bytes)
    assert find_original(SMALL, [*[gone] * 9, there], 4, SETTINGS) is not None


def test_a_file_that_took_another_ones_place_is_not_what_was_added(folder: Path) -> None:
    (there,) = library(folder).candidates(SMALL)
    (folder / "old" / "page.png").write_bytes(png(page(), dpi=(300, 300)))
    assert find_original(SMALL, [there], 4, SETTINGS) is None


def test_the_result_is_a_file_like_any_swap(folder: Path) -> None:
    found = find_original(SMALL, library(folder).candidates(SMALL), 2, SETTINGS)
    assert found is not None
    info = inspect(found.blob)
    assert (info.width_px, info.height_px) == (320, 200)
    assert info.dpi == pytest.approx((192, 192), abs=0.1)


@pytest.mark.parametrize("suffix", [".APNG", ".jfif", ".jp2"])
def test_pictures_count_under_every_suffix_that_their_formats_have(
    folder: Path, suffix: str
) -> None:
    page().save(folder / "old" / f"new{suffix}", "JPEG2000" if suffix == ".jp2" else "PNG")
    names = {file.name for file in files_in(folder, SETTINGS)}
    assert f"Brand/old/new{suffix}" in names


def test_an_original_with_an_edit_is_not_taken(folder: Path) -> None:
    (folder / "old" / "page.png").write_bytes(png(page("4,317")))
    assert find_original(SMALL, library(folder).candidates(SMALL), 4, SETTINGS) is None


def test_a_picture_of_another_slide_is_found(tmp_path: Path) -> None:
    path = tmp_path / "talk.pptx"
    path.write_bytes(deck_of([SMALL, png(page())]))
    with open_deck(path) as deck:
        made = Library(SETTINGS)
        made.add_deck(deck, "talk.pptx")
        found = find_original(SMALL, made.candidates(SMALL), 4, SETTINGS)
    assert found is not None
    assert found.report["original"]["name"] == "talk.pptx, image2.png"


def test_pictures_in_the_decks_of_a_folder_are_read_again_later(folder: Path) -> None:
    (folder / "last year.pptx").write_bytes(deck_of([png(page())]))
    (folder / "old" / "page.png").unlink()
    files = {file.name: file for file in files_in(folder, SETTINGS)}
    file = files["Brand/last year.pptx, image1.png"]
    assert load_from(file.place, SETTINGS) == file.load() == png(page())


def test_what_crispdeck_made_is_nobodys_original(folder: Path) -> None:
    source = decode(SMALL, max_px=1 << 20)
    ours = encode(decode(png(page()), max_px=1 << 20).pixels, source, scale=4)
    assert original_mark(source.digest) in ours.blob
    (folder / "old" / "page.png").write_bytes(ours.blob)
    assert find_original(SMALL, library(folder).candidates(SMALL), 4, SETTINGS) is None


def test_an_enlarged_copy_is_no_gain(folder: Path) -> None:
    with Image.open(io.BytesIO(SMALL)) as small:
        enlarged = small.resize((640, 400), Image.Resampling.BICUBIC)
    (folder / "old" / "page.png").write_bytes(png(enlarged))
    assert find_original(SMALL, library(folder).candidates(SMALL), 4, SETTINGS) is None


def test_alpha_has_to_agree_as_well(folder: Path) -> None:
    def cut(side: int, hole: int) -> Image.Image:
        alpha = Image.new("L", (640, 400), 255)
        alpha.paste(0, (40, hole, 200, 300))
        picture = page()
        picture.putalpha(alpha)
        return picture.resize((side, side * 5 // 8), Image.Resampling.BOX)

    small = png(cut(160, 120))
    (folder / "old" / "page.png").write_bytes(png(cut(640, 120)))
    assert find_original(small, library(folder).candidates(small), 4, SETTINGS) is not None
    (folder / "old" / "page.png").write_bytes(png(cut(640, 60)))
    assert find_original(small, library(folder).candidates(small), 4, SETTINGS) is None
