"""The pictures that are measured: made small by the rule, complete, always the same."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crispdeck.errors import BadInputError
from worker.lab.bench.cases import (
    degraded_cases,
    every_nth,
    folder_truths,
    shrink,
    validation_cases,
)
from worker.lab.bench.deck_pictures import flat_pictures, fullest_window
from worker.lab.metrics import Picture


def test_every_truth_comes_small_by_2_and_4_clean_and_as_jpeg(truths: Path) -> None:
    cases = list(degraded_cases("tiny", folder_truths(truths)))
    assert {(one.name, one.scale, one.regime) for one in cases} == {
        (name, scale, regime)
        for name in ("0", "1")
        for scale in (2, 4)
        for regime in ("clean", "jpeg75")
    }
    for one in cases:
        height_px, width_px = one.small.rgb.shape[:2]
        assert one.truth.shape == (height_px * one.scale, width_px * one.scale, 3)


def test_the_small_picture_is_pillow_s_bicubic(noise: Picture) -> None:
    small = shrink(noise, 4, "clean")
    expected = Image.fromarray(noise).resize((6, 5), Image.Resampling.BICUBIC)
    assert (small.rgb == np.asarray(expected)).all()
    assert small.decoded.lossless


def test_the_jpeg_tells_that_it_is_one(noise: Picture) -> None:
    small = shrink(noise, 2, "jpeg75")
    with Image.open(io.BytesIO(small.blob)) as file:
        assert file.format == "JPEG"
    assert not small.decoded.lossless


def test_digests_tell_pictures_apart(truths: Path) -> None:
    first = [one.digest for one in degraded_cases("tiny", folder_truths(truths))]
    again = [one.digest for one in degraded_cases("other name", folder_truths(truths))]
    assert first == again
    assert len(set(first)) == len(first)


def test_thinning_spreads_over_all() -> None:
    assert every_nth(list(range(10)), 3) == [0, 3, 6]
    assert every_nth([1, 2], 3) == [1, 2]
    assert every_nth([1, 2], None) == [1, 2]


def validation_set(folder: Path) -> Path:
    for name in ("small", "sharp"):
        (folder / name).mkdir(parents=True)
    Image.new("RGBA", (20, 16), (200, 0, 0, 0)).save(folder / "small" / "logo-x2-clean.png")
    Image.new("RGBA", (40, 32), (200, 0, 0, 0)).save(folder / "sharp" / "logo-x2.png")
    Image.new("RGB", (20, 16), "blue").save(folder / "small" / "face-x4-web.jpg")
    Image.new("RGB", (80, 64), "blue").save(folder / "sharp" / "face-x4.png")
    pictures = [
        {
            "name": f"{motif}-x{scale}-{regime}",
            "class": motif,
            "scale": scale,
            "regime": regime,
            "small": f"small/{motif}-x{scale}-{regime}.{suffix}",
            "sharp": f"sharp/{motif}-x{scale}.png",
        }
        for motif, scale, regime, suffix in (("logo", 2, "clean", "png"), ("face", 4, "web", "jpg"))
    ]
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "pictures": pictures}))
    return folder


def test_the_validation_set_is_read_and_laid_on_white(tmp_path: Path) -> None:
    logo, face = validation_cases(validation_set(tmp_path / "validation"), (2, 4), None)
    assert (logo.group, logo.regime, logo.scale, logo.reads) == ("logo", "clean", 2, True)
    assert (logo.small.rgb == 255).all()
    assert (logo.truth == 255).all()
    assert (face.group, face.reads) == ("face", False)
    assert not face.small.decoded.lossless


def test_only_the_scale_asked_for_is_read(tmp_path: Path) -> None:
    folder = validation_set(tmp_path / "validation")
    assert [one.group for one in validation_cases(folder, (4,), None)] == ["face"]


@pytest.mark.parametrize("manifest", [None, "{", '{"version": 2, "pictures": []}'])
def test_a_folder_without_a_good_manifest_is_refused(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(BadInputError, match="validation set"):
        list(validation_cases(tmp_path, (4,), None))


def test_the_fullest_window_is_where_the_text_is() -> None:
    picture = np.full((100, 120, 3), 255, np.uint8)
    picture[60:80, 90:110:2] = 0
    part = fullest_window(picture, 40, 40)
    assert part.rows.start <= 60
    assert part.rows.stop >= 80
    assert part.columns.start <= 90
    assert part.columns.stop >= 110


@pytest.mark.long
def test_flat_pictures_of_the_talks_are_60_sharp_ones(shared_data: Path) -> None:
    flats = flat_pictures(shared_data / "decks" / "talks")
    assert len(flats) == 60
    assert len({name.split("/")[0] for name, _ in flats}) >= 12
    assert len({picture.tobytes() for _, picture in flats}) == 60
