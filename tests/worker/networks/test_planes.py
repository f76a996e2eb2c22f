"""Pixels as RGB planes and back: every mode comes out as it went in."""

from typing import cast

import numpy as np
import pytest

from crispdeck.picture.pixels import Pixels, Samples
from worker.networks.planes import bleed, join, settle_alpha, split


def noise(channels: int, dtype: type[np.uint8] | type[np.uint16] = np.uint8) -> Samples:
    top = np.iinfo(dtype).max
    drawn = np.random.default_rng(channels).integers(0, top, (9, 7, channels), endpoint=True)
    return cast("Samples", drawn.astype(dtype))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("channels", "pictures"), [(1, 1), (3, 1), (4, 2)])
def test_planes_put_together_are_the_picture_again(
    channels: int, pictures: int, dtype: type[np.uint8] | type[np.uint16]
) -> None:
    pixels = Pixels(noise(channels, dtype), None)
    planes = split(pixels)
    assert len(planes.pictures) == pictures
    assert all(plane.shape == (9, 7, 3) for plane in planes.pictures)
    assert all(0 <= plane.min() <= plane.max() <= 1 for plane in planes.pictures)
    assert np.array_equal(join(planes.source, planes.pictures).colour, pixels.colour)


def test_alpha_is_a_picture_of_its_own_unless_it_is_the_same_everywhere() -> None:
    colour, alpha = noise(3), noise(1)[:, :, 0]
    assert len(split(Pixels(colour, alpha)).pictures) == 2
    solid = split(Pixels(colour, np.full((9, 7), 255, np.uint8)))
    assert len(solid.pictures) == 1
    joined = join(solid.source, solid.pictures)
    assert joined.alpha is not None
    assert (joined.alpha == 255).all()


def test_visible_colours_go_on_into_what_is_clear() -> None:
    colour = np.zeros((5, 40, 3), np.uint8)
    colour[:, :10] = (200, 100, 50)
    alpha = np.zeros((5, 40), np.uint8)
    alpha[:, :10] = 255
    bled = bleed(Pixels(colour, alpha))
    assert bled.colour[2, 14].tolist() == [200, 100, 50]
    assert bled.colour[2, 39].tolist() == [0, 0, 0], "far away nothing changes"
    assert bled.alpha is alpha


def test_what_overshoots_is_clipped() -> None:
    pixels = Pixels(noise(3), None)
    joined = join(pixels, [np.full((9, 7, 3), 1.5, np.float32)])
    assert (joined.colour == 255).all()


def test_areas_that_are_clear_or_solid_lose_their_haze() -> None:
    small = np.zeros((8, 8), np.uint8)
    small[:, 4:] = 255
    hazy = np.repeat(np.repeat(np.clip(small, 3, 252), 2, axis=0), 2, axis=1)
    settled = settle_alpha(hazy, small)
    assert (settled[:, :6] == 0).all()
    assert (settled[:, 10:] == 255).all()
    assert (settled[:, 6:10] == hazy[:, 6:10]).all(), "the edge is the network's"
