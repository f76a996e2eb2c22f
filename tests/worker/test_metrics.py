"""The metrics against closed forms and against the figures that papers print for bicubic."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.metrics import Picture, luma, psnr, psnr_luma, ssim_luma


def flat(value: int, side_px: int = 32) -> Picture:
    return np.full((side_px, side_px, 3), value, np.uint8)


def noise(seed: int) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (40, 48, 3), dtype=np.uint8)


def test_luma_runs_from_16_to_235() -> None:
    assert luma(flat(0))[0, 0] == pytest.approx(16)
    assert luma(flat(255))[0, 0] == pytest.approx(235, abs=0.01)


def test_psnr_of_a_constant_offset_is_the_closed_form() -> None:
    assert psnr(flat(100), flat(105)) == pytest.approx(20 * math.log10(255 / 5))


def test_studio_range_reads_1_32_db_higher_than_full_range() -> None:
    one, other = flat(100), flat(110)
    # Grey has the same value in full-range luma as in each channel.
    assert psnr_luma(one, other) - psnr(one, other) == pytest.approx(1.32, abs=0.005)


def test_equal_pictures_have_infinite_psnr_and_ssim_1() -> None:
    assert psnr_luma(noise(1), noise(1)) == math.inf
    assert ssim_luma(noise(1), noise(1)) == pytest.approx(1)


def test_ssim_of_flat_pictures_is_the_closed_form() -> None:
    x, y = luma(flat(80))[0, 0], luma(flat(120))[0, 0]
    c1 = (0.01 * 255) ** 2
    expected = (2 * x * y + c1) / (x * x + y * y + c1)
    assert ssim_luma(flat(80), flat(120)) == pytest.approx(expected)


def test_the_border_is_cropped_before_comparing() -> None:
    one = noise(2)
    other = one.copy()
    other[:4] = 255 - other[:4]
    assert psnr_luma(one, other, crop_px=4) == math.inf
    assert psnr_luma(one, other, crop_px=3) < 40


def test_pictures_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        psnr(flat(1), flat(1, side_px=31))


def test_ssim_refuses_what_is_smaller_than_its_window() -> None:
    with pytest.raises(ValueError, match="at least 11 px"):
        ssim_luma(flat(1, side_px=16), flat(2, side_px=16), crop_px=3)


def test_bicubic_on_set5_has_the_published_figures(shared_data: Path) -> None:
    decibels, ssims = [], []
    for path in sorted((shared_data / "test" / "Set5").iterdir()):
        with Image.open(path) as file:
            truth = file.convert("RGB")
        truth = truth.crop((0, 0, truth.width // 4 * 4, truth.height // 4 * 4))
        small = truth.resize((truth.width // 4, truth.height // 4), Image.Resampling.BICUBIC)
        plain = np.asarray(small.resize(truth.size, Image.Resampling.BICUBIC))
        decibels.append(psnr_luma(plain, np.asarray(truth), crop_px=4))
        ssims.append(ssim_luma(plain, np.asarray(truth), crop_px=4))
    assert np.mean(decibels) == pytest.approx(28.42, abs=0.03)
    assert np.mean(ssims) == pytest.approx(0.8104, abs=0.002)
