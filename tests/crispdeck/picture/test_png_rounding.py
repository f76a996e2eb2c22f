"""Thinning moves busy samples by two levels at the most, flat ground never, and halves files."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.png_rounding import BUSY_LEVELS, MAX_SHIFT, rounded_samples
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode

Samples = NDArray[np.uint8]


def noise(seed: int, *shape: int, low: int = 0, high: int = 256) -> Samples:
    return np.random.default_rng(seed).integers(low, high, shape, dtype=np.uint8)


def png(samples: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "PNG")
    return out.getvalue()


def lettering() -> Pixels:
    """Strokes on a ground of an odd colour, enlarged as a network would: soft and a bit noisy."""
    small = np.full((40, 40, 3), (253, 252, 251), np.uint8)
    small[8:32:4, 6:34] = (31, 62, 123)
    large = resize(Pixels(small), 160, 160).colour.astype(np.int16)
    busy = np.ptp(large, axis=2, keepdims=True) != 2
    large += np.where(busy, noise(3, 160, 160, 3, high=5).astype(np.int16) - 2, 0)
    return Pixels(np.clip(large, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("scale", [1.0, 2.0, 3.7, 4.0])
def test_no_sample_moves_by_more_than_two_levels(channels: int, scale: float) -> None:
    pixels = Pixels(noise(1, 61, 47, channels), noise(2, 61, 47))
    out = rounded_samples(pixels, scale)
    assert out.alpha is not None
    assert pixels.alpha is not None
    moved = np.abs(out.colour.astype(int) - pixels.colour)
    assert 0 < moved.max() <= MAX_SHIFT == 2
    assert np.abs(out.alpha.astype(int) - pixels.alpha).max() <= MAX_SHIFT


def test_black_white_clear_and_solid_stay() -> None:
    pixels = Pixels(noise(1, 64, 64, 3), noise(2, 64, 64))
    out = rounded_samples(pixels, 4)
    for before, after in ((pixels.colour, out.colour), (pixels.alpha, out.alpha)):
        assert before is not None
        assert after is not None
        for end in (0, 255):
            np.testing.assert_array_equal(after[before == end], end)


def test_flat_ground_stays_up_to_the_border_of_a_stroke() -> None:
    pixels = lettering()
    out = rounded_samples(pixels, 4)
    ground = (pixels.colour == (253, 252, 251)).all(axis=2)
    assert ground.mean() > 0.3
    alone = ~((ground[1:] & ground[:-1])[:, 1:] & (ground[1:] & ground[:-1])[:, :-1]).any()
    assert not alone
    inside = ground.copy()
    inside[1:-1, 1:-1] &= ground[:-2, 1:-1] & ground[1:-1, :-2] & ground[:-2, :-2]
    np.testing.assert_array_equal(out.colour[inside], pixels.colour[inside])


@pytest.mark.parametrize("cell_px", [2, 3, 4])
def test_cells_stay_as_they_are(cell_px: int) -> None:
    cells = np.kron(noise(5, 20, 20, 3), np.ones((cell_px, cell_px, 1), np.uint8))
    assert rounded_samples(Pixels(cells), cell_px).colour.tobytes() == cells.tobytes()


def test_smooth_shades_stay_as_they_are() -> None:
    ramp = np.linspace(90, 200, 600)[None, :, None] + np.linspace(0, 40, 300)[:, None, None]
    shades = np.repeat(np.rint(ramp), 3, axis=2).astype(np.uint8)
    grain = noise(7, 300, 600, 3, high=BUSY_LEVELS // 2)
    for samples in (shades, grain + 100):
        assert rounded_samples(Pixels(samples), 2).colour.tobytes() == samples.tobytes()


def test_a_block_keeps_its_mean_colour() -> None:
    # All that is busy here would be rounded down: 142 and 247 to 140 and 245.
    samples = np.where(np.indices((128, 128)).sum(axis=0) % 2, 142, 247).astype(np.uint8)
    pixels = Pixels(np.repeat(samples[..., None], 3, axis=2))
    moved = rounded_samples(pixels, 4).colour.astype(int) - pixels.colour
    assert np.abs(moved.reshape(2, 64, 2, 64, 3).mean(axis=(1, 3))).max() <= 0.5
    some = Pixels(noise(9, 128, 128, 3))
    assert (rounded_samples(some, 4).colour != some.colour).mean() > 0.5


def test_16_bits_and_what_has_no_size_to_speak_of_are_left_alone() -> None:
    deep = Pixels(np.random.default_rng(1).integers(0, 65536, (9, 9, 3), dtype=np.uint16))
    assert rounded_samples(deep, 2) is deep
    for height, width in ((1, 1), (1, 9), (9, 1)):
        one = rounded_samples(Pixels(noise(1, height, width, 3)), 4)
        assert one.colour.shape == (height, width, 3)


def test_files_of_lettering_shrink_by_a_third_only_if_asked() -> None:
    pixels = lettering()
    source = decode(png(pixels.colour[::4, ::4]), max_px=10_000)
    exact = encode(pixels, source, scale=4)
    thin = encode(pixels, source, scale=4, thin=True)
    assert decode(exact.blob, max_px=100_000).pixels.colour.tobytes() == pixels.colour.tobytes()
    assert len(thin.blob) < 0.67 * len(exact.blob)


def test_the_same_pixels_are_the_same_file_each_time() -> None:
    pixels = lettering()
    source = decode(png(pixels.colour[::4, ::4]), max_px=10_000)
    blobs = {encode(pixels, source, scale=4, thin=True).blob for _ in range(3)}
    assert len(blobs) == 1


def test_grey_in_three_channels_is_written_as_one() -> None:
    grey = np.repeat(noise(4, 50, 50, 1), 3, axis=2)
    source = decode(png(grey), max_px=10_000)
    encoded = encode(Pixels(grey), source, scale=1)
    assert encoded.mode == "L"
    again = decode(encoded.blob, max_px=10_000).pixels.colour
    np.testing.assert_array_equal(np.broadcast_to(again, grey.shape), grey)


def test_a_profile_for_colours_keeps_grey_in_three_channels(
    srgb: Callable[[], bytes],
) -> None:
    grey = np.repeat(noise(4, 20, 20, 1), 3, axis=2)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG", icc_profile=srgb())
    source = decode(out.getvalue(), max_px=10_000)
    assert encode(Pixels(grey), source, scale=1).mode == "RGB"


@pytest.fixture
def srgb() -> Callable[[], bytes]:
    from PIL import ImageCms

    return lambda: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
