"""`crispdeck library` and `enhance --library`: originals are added, listed, found and put in."""

import getpass
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("cv2")

from tests.crispdeck.picture.matching.test_proof import page
from tests.small_deck import deck_of

Cli = Callable[..., Any]


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    folder = tmp_path / "Brand"
    folder.mkdir()
    page().save(folder / "page.png")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.png"
    page().resize((160, 100), Image.Resampling.BICUBIC).save(path)
    return path


def deck_with(small: Path, tmp_path: Path) -> Path:
    path = tmp_path / "talk.pptx"
    path.write_bytes(deck_of([small.read_bytes()], [6.0]))
    return path


def test_the_original_of_a_library_is_put_into_the_deck(
    cli: Cli, brand: Path, small: Path, tmp_path: Path
) -> None:
    deck = deck_with(small, tmp_path)
    report = tmp_path / "report.html"
    ran = cli("enhance", deck, "--library", brand, "--report", report)
    assert ran.code == 0, ran.err
    assert "1 picture made sharp (1 from its true original)" in ran.out
    with ZipFile(tmp_path / "talk.crisp.pptx") as done:
        blob = done.read("ppt/media/image1.png")
    with Image.open(io.BytesIO(blob)) as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), np.asarray(page()))
    assert "the original, Brand/page.png (640 × 400 pixels)" in report.read_text()


def test_the_json_says_whose_pixels_they_are(
    cli: Cli, brand: Path, small: Path, tmp_path: Path
) -> None:
    ran = cli("enhance", deck_with(small, tmp_path), "--library", brand, "--json")
    (picture,) = json.loads(ran.out)["decks"][0]["pictures"]
    assert picture["upscale"]["original"]["name"] == "Brand/page.png"


def test_pictures_are_added_listed_and_found(cli: Cli, brand: Path, small: Path) -> None:
    assert "1 picture added" in cli("library", "add", brand).out
    assert "0 pictures added" in cli("library", "add", brand).out
    assert "Brand/page.png" in cli("library", "list").out
    found = cli("library", "find", small)
    assert (found.code, "the original, Brand/page.png" in found.out) == (0, True)


def test_what_was_moved_is_told(cli: Cli, brand: Path) -> None:
    cli("library", "add", brand)
    (brand / "page.png").rename(brand / "cover.png")
    assert "New place of 1 picture noted" in cli("library", "add", brand).out
    assert "Brand/cover.png" in cli("library", "list").out


def test_pictures_are_added_by_a_user_without_a_name(
    cli: Cli, brand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert "1 picture added" in cli("library", "add", brand).out
    assert f"uid {os.getuid()}" in cli("library", "list").out


def test_a_file_that_was_deleted_ends_no_search(cli: Cli, brand: Path, small: Path) -> None:
    cli("library", "add", brand)
    (brand / "page.png").unlink()
    ran = cli("library", "find", small)
    assert (ran.code, "no original is proven" in ran.out) == (3, True)


def test_a_picture_that_must_never_be_used_is_not_found(cli: Cli, brand: Path, small: Path) -> None:
    cli("library", "add", brand)
    cli("library", "never", 1)
    found = cli("library", "find", small)
    assert (found.code, "no original is proven" in found.out) == (3, True)
    cli("library", "never", 1, "--again")
    assert cli("library", "find", small).code == 0
    assert "1 picture taken out" in cli("library", "remove", 1).out
    assert cli("library", "find", small).code == 3
