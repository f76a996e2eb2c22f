"""The validation set: files that fit, a manifest that says what a decoder would, made whole."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crispdeck.picture.reading import decode
from worker.lab.validation.making import MANIFEST_NAME, WEB, make_set, web_file
from worker.lab.validation.motifs import Motif


def scene(width: int, height: int, mode: str = "RGB") -> Image.Image:
    rng = np.random.default_rng(width)
    rough = rng.integers(0, 256, (9, 9, len(mode)), dtype=np.uint8)
    return Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture
def motifs() -> list[Motif]:
    drawn = scene(40, 24)
    page = Motif(
        "code-01", "code", {2: scene(80, 48), 4: scene(160, 96)}, {2: drawn, 4: drawn}, ("if", "é")
    )
    logo = Motif("logo-01", "logo", {4: scene(64, 64, "RGBA")}, {4: scene(16, 16, "RGBA")})
    return [page, logo, Motif("photo-01", "photo", {2: scene(64, 32)})]


@pytest.fixture
def made(tmp_path: Path, motifs: list[Motif]) -> tuple[Path, list[dict[str, object]]]:
    folder = tmp_path / "set"
    count = make_set(folder, motifs, {"seed": 1}, 1)
    content = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert content["version"] == 1
    assert len(content["pictures"]) == count
    return folder, content["pictures"]


Set = tuple[Path, list[dict[str, object]]]


def test_every_scale_comes_clean_drawn_and_from_the_web(made: Set) -> None:
    assert [picture["name"] for picture in made[1]] == [
        "code-01-x2-clean", "code-01-x2-rendered", "code-01-x2-web",
        "code-01-x4-clean", "code-01-x4-rendered", "code-01-x4-web",
        "logo-01-x4-clean", "logo-01-x4-rendered", "logo-01-x4-web",
        "photo-01-x2-clean", "photo-01-x2-web",
    ]  # fmt: skip


def test_the_truth_is_exactly_so_many_times_as_large(made: Set) -> None:
    folder, pictures = made
    for picture in pictures:
        with (
            Image.open(folder / str(picture["small"])) as small,
            Image.open(folder / str(picture["sharp"])) as sharp,
        ):
            assert sharp.size == tuple(side * int(str(picture["scale"])) for side in small.size)
            assert small.has_transparency_data == sharp.has_transparency_data


def test_the_manifest_knows_of_compression_what_the_decoder_knows(made: Set) -> None:
    folder, pictures = made
    for picture in pictures:
        decoded = decode((folder / str(picture["small"])).read_bytes(), max_px=1 << 20)
        assert picture["compression"] == pytest.approx(decoded.compression, abs=1e-4)
        assert decoded.lossless or picture["regime"] == "web"


def test_words_stand_only_where_they_are_known(made: Set) -> None:
    assert {str(p["class"]) for p in made[1] if "words" in p} == {"code"}
    assert made[1][0]["words"] == ["if", "é"]


def test_the_same_seed_makes_the_same_files(tmp_path: Path, made: Set, motifs: list[Motif]) -> None:
    make_set(tmp_path / "again", motifs, {"seed": 1}, 1)
    files = sorted(p.relative_to(made[0]) for p in made[0].rglob("*") if p.is_file())
    assert len(files) > 15
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (made[0] / name).read_bytes()


def test_a_new_set_leaves_nothing_of_the_old_one(made: Set, motifs: list[Motif]) -> None:
    folder, _ = made
    make_set(folder, motifs[2:], {"seed": 1}, 1)
    assert {path.name.split("-")[0] for path in (folder / "small").iterdir()} == {"photo"}


def test_a_set_that_was_not_finished_has_no_manifest(made: Set, motifs: list[Motif]) -> None:
    def broken() -> Callable[[], None]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        make_set(made[0], (broken() for _ in range(1)), {}, 1)  # type: ignore[misc]
    assert not (made[0] / MANIFEST_NAME).exists()


@pytest.mark.parametrize("way", sorted(set(WEB)))
def test_every_way_of_the_web_opens_again(way: str) -> None:
    decoded = decode(web_file(scene(40, 24), way), max_px=1 << 20)
    assert decoded.pixels.colour.shape == (24, 40, 3)
    assert decoded.lossless == (way == "palette")
