"""The metrics against closed forms and against the figures that papers print for bicubic."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from worker.lab.metrics import (
    Picture,
    gmsd,
    invented_detail,
    luma,
    psnr,
    psnr_luma,
    psnr_shrunk,
    ssim_luma,
)


def flat(value: int, side_px: int = 32) -> Picture:
    return np.full((side_px, side_px, 3), value, np.uint8)


def noise(seed: int) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (40, 48, 3), dtype=np.uint8)


def waves() -> tuple[Picture, Picture, Picture]:
    """A picture by formula, the same small by 4, and that enlarged again, by Pillow's bicubic."""
    y, x = np.mgrid[:96, :128].astype(float)
    wave = 127.5 + 127.5 * np.sin(x * x / 300 + y / 7) * np.cos(y * y / 400 - x / 9)
    truth = np.stack([wave, np.roll(wave, 5, axis=1), 255 - wave], axis=2)
    truth[20:50, 30:70] = (250, 40, 10)
    truth[60:63, 10:110] = 0
    whole = Image.fromarray(np.rint(truth).astype(np.uint8))
    small = whole.resize((32, 24), Image.Resampling.BICUBIC)
    made = small.resize(whole.size, Image.Resampling.BICUBIC)
    return np.asarray(whole), np.asarray(small), np.asarray(made)


def test_the_figures_of_other_people_s_code_come_out() -> None:
    """PSNR and SSIM of scikit-image 0.26 (rgb2ycbcr, Gaussian window), GMSD of piq 0.8."""
    truth, small, made = waves()
    assert psnr_luma(made, truth, crop_px=4) == pytest.approx(24.135379, abs=1e-5)
    assert ssim_luma(made, truth, crop_px=4) == pytest.approx(0.805417, abs=1e-5)
    assert psnr_shrunk(made, small) == pytest.approx(25.904553, abs=1e-5)
    assert gmsd(made, truth) == pytest.approx(0.1853, abs=1e-4)


def test_gmsd_is_0_for_equal_pictures_and_grows_with_blur() -> None:
    truth, _, _ = waves()
    blurred = [
        np.asarray(Image.fromarray(truth).filter(ImageFilter.GaussianBlur(radius_px)))
        for radius_px in (0, 0.5, 1, 2)
    ]
    values = [gmsd(picture, truth) for picture in blurred]
    assert values[0] == 0
    assert values == sorted(values)


def test_the_truth_shrinks_back_to_the_small_picture_and_a_tint_does_not() -> None:
    truth, small, made = waves()
    tinted = np.clip(made.astype(int) + np.array([4, -3, 5]), 0, 255).astype(np.uint8)
    assert psnr_shrunk(tinted, small) < psnr_shrunk(made, small)
    assert psnr_shrunk(truth, small) > 50


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


class TestInventedDetail:
    def test_interpolation_and_the_truth_invent_nothing(self) -> None:
        truth, _, plain = waves()
        assert invented_detail(plain, truth, plain, block_px=32) == 0
        assert invented_detail(truth, truth, plain, block_px=32) == pytest.approx(0, abs=1e-9)

    def test_half_of_the_lacking_detail_is_right_and_its_opposite_is_made_up(self) -> None:
        truth, plain = (one.astype(float) for one in waves()[::2])
        towards, away = (np.clip(plain + k * (truth - plain), 0, 255) for k in (0.5, -0.5))
        half, opposite = (
            invented_detail(one.round().astype(np.uint8), *waves()[::2], block_px=32)
            for one in (towards, away)
        )
        assert half < 0.02
        assert 0.15 < opposite < 0.26

    def test_bars_in_place_of_words_are_made_up_though_edges_lie_there_in_the_truth(self) -> None:
        """Strokes of two pixels, shrunk by 8 to grey; bars of eight pixels are put there."""
        stripes = np.full((64, 64, 3), 255, np.uint8)
        stripes[16:48, ::4] = stripes[16:48, 1::4] = 0
        small = Image.fromarray(stripes).resize((8, 8), Image.Resampling.BICUBIC)
        plain = np.asarray(small.resize((64, 64), Image.Resampling.BICUBIC))
        bars = plain.copy()
        for left in range(0, 64, 16):
            bars[16:48, left : left + 8] = 0
        assert invented_detail(bars, stripes, plain, block_px=64) > 0.5

    def test_nothing_lacks_and_nothing_is_invented_on_one_colour(self) -> None:
        assert invented_detail(flat(90), flat(90), flat(90), block_px=8) == 0
