"""A picture that was enlarged is told, with its true size; one that is merely soft never is."""

import numpy as np
import pytest
from PIL import Image

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import Kernel, detect, shrink, true_size
from crispdeck.picture.provenance.enlarged import Axis
from crispdeck.picture.provenance.luma import luma
from tests.crispdeck.picture.provenance.made_pictures import (
    KERNELS,
    blurred,
    drawing,
    enlarged,
    jpeg,
    pixels,
    qr_like,
    texture,
)

SMALL = (180, 132)


@pytest.mark.parametrize("make", [texture, drawing])
@pytest.mark.parametrize("kernel", list(KERNELS))
@pytest.mark.parametrize("factor", [1.5, 2, 2.4, 3, 5])
def test_the_true_size_is_found(make: object, kernel: str, factor: float) -> None:
    assert callable(make)
    found = true_size(pixels(enlarged(make(*SMALL), factor, KERNELS[kernel])))
    assert found is not None
    assert found.kernel is Kernel.SMOOTH
    assert abs(found.width_px - SMALL[0]) <= 3
    assert abs(found.height_px - SMALL[1]) <= 3


@pytest.mark.parametrize("quality", [90, 75])
@pytest.mark.parametrize("factor", [2.4, 3, 3.5])
def test_jpeg_does_not_hide_it(factor: float, quality: int) -> None:
    large = jpeg(enlarged(texture(*SMALL), factor, Image.Resampling.BICUBIC), quality)
    found = true_size(pixels(large))
    assert found is not None
    assert abs(found.width_px - SMALL[0]) <= 3


@pytest.mark.parametrize("factor", [2, 3, 4, 5.5])
@pytest.mark.parametrize("quality", [None, 85])
def test_repeated_pixels_are_told_from_interpolated_ones(
    factor: float, quality: int | None
) -> None:
    large = enlarged(texture(*SMALL), factor, Image.Resampling.NEAREST)
    found = true_size(pixels(large if quality is None else jpeg(large, quality)))
    assert found is not None
    assert found.kernel is Kernel.NEAREST
    assert (found.width_px, found.height_px) == SMALL


@pytest.mark.parametrize("make", [texture, drawing])
@pytest.mark.parametrize("quality", [None, 90, 75])
@pytest.mark.parametrize("radius", [0.0, 0.8, 1.5, 3.0])
def test_a_soft_picture_is_not_called_enlarged(
    make: object, radius: float, quality: int | None
) -> None:
    assert callable(make)
    soft = blurred(make(480, 352), radius)
    assert true_size(pixels(soft if quality is None else jpeg(soft, quality))) is None


def test_a_poster_with_a_code_on_it_is_not_called_repeated() -> None:
    poster = drawing(700, 700)
    poster.paste(qr_like(12), (120, 120))
    assert true_size(pixels(poster)) is None


def test_boxes_on_even_pixels_are_not_called_enlarged() -> None:
    grey = np.full((200, 200, 3), 255, np.uint8)
    grey[20:80, 40:120] = 0
    grey[100:160, 60:180] = 90
    assert true_size(Pixels(grey)) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (95, 95), (96, 96)])
def test_every_size_can_be_looked_at(size: tuple[int, int]) -> None:
    assert detect(pixels(texture(*size))).enlarged is None


def test_a_flat_picture_says_nothing() -> None:
    assert detect(Pixels(np.full((300, 300, 3), 77, np.uint8))).enlarged is None


@pytest.mark.parametrize(("factor", "least_db"), [(2, 50), (3, 55), (5, 55)])
def test_shrinking_gives_the_small_picture_back(factor: float, least_db: float) -> None:
    small = texture(*SMALL)
    large = pixels(enlarged(small, factor, Image.Resampling.BICUBIC))
    found = true_size(large)
    assert found is not None
    error = shrink(large, found).colour.astype(float) - np.asarray(small, float)
    assert 10 * np.log10(255**2 / (error**2).mean()) >= least_db


def test_shrinking_repeated_pixels_is_exact_with_alpha_and_16_bits() -> None:
    rng = np.random.default_rng(3)
    small = Pixels(
        rng.integers(0, 65536, (110, 120, 3), dtype=np.uint16),
        rng.integers(0, 65536, (110, 120), dtype=np.uint16),
    )
    large = Pixels(
        small.colour.repeat(3, 0).repeat(3, 1),
        None if small.alpha is None else small.alpha.repeat(3, 0).repeat(3, 1),
    )
    found = true_size(large)
    assert found is not None
    again = shrink(large, found)
    assert again.alpha is not None
    assert small.alpha is not None
    # Floating point of 24 bits carries 16-bit levels to within one.
    assert np.abs(again.colour.astype(int) - small.colour).max() <= 1
    assert np.abs(again.alpha.astype(int) - small.alpha).max() <= 1


@pytest.mark.parametrize("make", [texture, drawing])
def test_only_the_right_number_of_pixels_draws_an_enlarged_picture(make: object) -> None:
    assert callable(make)
    grey = luma(pixels(enlarged(make(*SMALL), 2.4, Image.Resampling.BICUBIC)))
    axis = Axis(grey, 0, grey.shape[1])
    assert axis.dip(SMALL[0]) < 0.5
    assert axis.dip(SMALL[0] + 9) > 0.9


@pytest.mark.parametrize("small_px", [200, 240, 320])
def test_a_soft_picture_is_drawn_about_as_well_from_any_number(small_px: int) -> None:
    grey = luma(pixels(blurred(texture(480, 352), 1.5)))
    assert Axis(grey, 0, 480).dip(small_px) > 0.7
