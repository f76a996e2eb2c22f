"""The training pictures: decoded once, held back by name, drawings rendered."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.training.corpus import Corpus, build_corpus, is_held_back

HELD_BACK = next(f"{n}.png" for n in range(1000) if is_held_back(f"{n}.png"))
PHOTOS = ["a.png", "b.png", "c.png", HELD_BACK]

pytest.importorskip("resvg_py", reason="needs the extra `train` to render drawings")

DISC = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="3"/></svg>'
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    photos, graphics = tmp_path / "photos", tmp_path / "graphics"
    photos.mkdir()
    graphics.mkdir()
    noise = np.random.default_rng(1).integers(0, 256, (140, 150, 3), dtype=np.uint8)
    for name in PHOTOS:
        Image.fromarray(noise).save(photos / name)
    Image.fromarray(noise[:50]).save(photos / "too-small.png")
    Image.new("RGBA", (200, 130), (255, 0, 0, 0)).save(graphics / "clear.webp", lossless=True)
    (graphics / "disc.svg").write_text(DISC)
    (graphics / "broken.svg").write_text("<svg")
    (graphics / "notes.txt").write_text("no picture")
    return photos, graphics


def build(tmp_path: Path, folders: tuple[Path, Path], pages: int = 2) -> Corpus:
    return build_corpus(tmp_path / "corpus", *folders, pages=pages, seed=5)


def test_pictures_drawings_and_pages_are_all_there(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    entries = build(tmp_path, folders).entries
    names = [entry.name for entry in entries]
    assert sum(entry.kind == "photo" for entry in entries) == len(PHOTOS)
    # A drawing comes twice: on white and on a colour.
    assert sorted(set(names) - set(PHOTOS)) == [
        "clear.webp", "disc.svg", "page-0", "page-1",
    ]  # fmt: skip
    assert names.count("disc.svg") == 2


def test_pixels_are_the_pictures_own(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    for entry in corpus.select("photo", held_back=False)[:3]:
        with Image.open(folders[0] / entry.name) as file:
            assert np.array_equal(corpus.pixels(entry), np.asarray(file))


def test_what_is_clear_becomes_white(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    (clear,) = (entry for entry in corpus.entries if entry.name == "clear.webp")
    assert (corpus.pixels(clear) == 255).all()


def test_held_back_pictures_are_not_trained_on(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    held_back = {entry.name for entry in corpus.select("photo", held_back=True)}
    trained_on = {entry.name for entry in corpus.select("photo", held_back=False)}
    assert held_back == {HELD_BACK}
    assert trained_on == set(PHOTOS) - {HELD_BACK}


def test_about_one_in_32_is_held_back() -> None:
    assert 0.02 < sum(is_held_back(f"{n}.jpg") for n in range(4000)) / 4000 < 0.045


def test_the_second_run_decodes_nothing(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    build(tmp_path, folders)
    written = (tmp_path / "corpus" / "pixels.bin").stat().st_mtime_ns
    build(tmp_path, folders)
    assert (tmp_path / "corpus" / "pixels.bin").stat().st_mtime_ns == written
    assert len(build(tmp_path, folders, pages=3).entries) == len(PHOTOS) + 6
