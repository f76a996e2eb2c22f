"""Soft truths: of the size they had, the same for the same seed, and soft in the way they say."""

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from worker.lab.training import softness
from worker.lab.training.softness import WAYS, Soften, softened

SIDE_PX = 96


@pytest.fixture
def sharp() -> Image.Image:
    """Light and dark bars on two grounds, with a step of colour between them."""
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), (180, 190, 200))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((SIDE_PX // 2, 0, SIDE_PX, SIDE_PX), fill=(60, 50, 90))
    for left in range(4, SIDE_PX, 12):
        draw.rectangle((left, 10, left + 5, SIDE_PX - 10), fill=(245, 240, 20 * (left % 12)))
    return picture


def fineness(picture: Image.Image) -> float:
    """Mean square of the differences between neighbours, against the picture's own variance."""
    levels = np.asarray(picture, np.float64)
    steps = np.square(np.diff(levels, axis=1)).mean() + np.square(np.diff(levels, axis=0)).mean()
    return float(steps / levels.var())


def many(way: Soften, sharp: Image.Image, scale: int = 2) -> list[Image.Image]:
    return [way(sharp, scale, random.Random(seed)) for seed in range(12)]


@pytest.mark.parametrize("way", [*WAYS, softened], ids=lambda way: way.__name__)
@pytest.mark.parametrize("scale", [2, 4])
def test_every_way_keeps_the_size_and_is_the_same_for_the_same_seed(
    way: Soften, scale: int, sharp: Image.Image
) -> None:
    once, again = (many(way, sharp, scale) for _ in range(2))
    assert all(one.size == sharp.size and one.mode == "RGB" for one in once)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(once, again, strict=True))
    assert len({one.tobytes() for one in once}) > len(once) / 2


@pytest.mark.parametrize(
    "way",
    [softness.blurred, softness.out_of_focus, softness.enlarged_once, softness.of_video],
    ids=lambda way: way.__name__,
)
def test_what_is_blurred_has_less_fine_detail_than_before(way: Soften, sharp: Image.Image) -> None:
    assert max(map(fineness, many(way, sharp))) < 0.9 * fineness(sharp)


def test_of_a_shallow_depth_a_part_stays_in_focus(sharp: Image.Image) -> None:
    before = np.asarray(sharp, np.int16)
    untouched = [
        (np.abs(np.asarray(one, np.int16) - before).max(axis=2) <= 1).mean()
        for one in many(softness.shallow, sharp)
    ]
    assert 0.05 < np.mean(untouched) < 0.95


def test_stars_are_few_bright_points_on_a_dark_ground(sharp: Image.Image) -> None:
    for one in many(softness.starry, sharp):
        levels = np.asarray(one.convert("L"), np.float64)
        assert np.median(levels) < 150
        assert levels.max() - np.median(levels) > 20
        assert (levels > np.median(levels) + 20).mean() < 0.5


def test_grain_is_noise_around_the_same_brightness(sharp: Image.Image) -> None:
    before = np.asarray(sharp, np.float64)
    for one in many(softness.grainy, sharp):
        noise = np.asarray(one, np.float64) - before
        assert abs(noise.mean()) < 4
        assert noise.std() > 1


def test_a_scan_has_paper_that_is_not_white_under_light_that_is_not_even() -> None:
    page = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    grounds = [np.asarray(one, np.float64) for one in many(softness.scanned, page)]
    assert np.mean([ground.mean() for ground in grounds]) < 245
    coarse = [ground.reshape(4, 24, 4, 24, 3).mean(axis=(1, 3)) for ground in grounds]
    assert np.mean([np.ptp(each[..., 0]) for each in coarse]) > 3
