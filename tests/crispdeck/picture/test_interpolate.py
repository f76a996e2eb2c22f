"""Plain interpolation agrees with Pillow's, channel by channel, at 8 and at 16 bits."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels


def test_8_bits_are_those_of_pillow(scene: NDArray[np.uint8]) -> None:
    expected = Image.fromarray(scene).resize((100, 70), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(resize(Pixels(scene), 100, 70).colour, np.asarray(expected))


def test_16_bits_are_finer_than_8(scene: NDArray[np.uint8]) -> None:
    coarse = resize(Pixels(scene), 160, 120).colour
    fine = resize(Pixels(scene.astype(np.uint16) * 257), 160, 120).colour
    assert fine.dtype == np.uint16
    assert np.abs(fine / 257 - coarse).max() <= 1
    assert len(np.unique(fine)) > 256


def test_overshoot_is_clipped() -> None:
    step = np.zeros((8, 8, 1), np.uint16)
    step[:, 4:] = 65535
    wide = resize(Pixels(step), 64, 8).colour
    assert wide.min() == 0
    assert wide.max() == 65535


def test_alpha_goes_the_same_way_and_ink_too(scene: NDArray[np.uint8]) -> None:
    ink = np.dstack((scene, scene[..., 0]))
    resized = resize(Pixels(ink, scene[..., 1].copy()), 20, 15)
    assert resized.colour.shape == (15, 20, 4)
    assert resized.alpha is not None
    np.testing.assert_array_equal(resized.alpha, resized.colour[..., 1])
