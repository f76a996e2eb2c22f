"""A logo whose ground was made clear comes back to soft alpha, without a trace of that ground."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from crispdeck.picture.matte import on_matte
from crispdeck.picture.pixels import Pixels

Scene = NDArray[np.uint8]
Colour = tuple[int, int, int]

INKS: dict[str, list[Colour]] = {
    "colours": [(0, 98, 168), (240, 200, 40), (30, 30, 34)],
    "one colour": [(200, 60, 90)] * 3,
}


def drawn(scale: int, ground: Colour, inks: list[Colour]) -> Scene:
    fine = 8
    image = Image.new("RGB", (100 * fine, 50 * fine), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse([fine * x for x in (4, 4, 44, 44)], fill=inks[0])
    pen.ellipse([fine * x for x in (14, 14, 34, 34)], fill=ground)
    pen.polygon([fine * x for x in (50, 45, 60, 5, 70, 45)], fill=inks[1])
    pen.line([fine * x for x in (70, 40, 98, 8)], fill=inks[2], width=3 * fine)
    return np.asarray(image.resize((100 * scale, 50 * scale), Image.Resampling.BOX))


def keyed(ground: Colour, inks: list[Colour], under: Colour) -> Pixels:
    colour = drawn(1, ground, inks).copy()
    clear = (colour == ground).all(axis=2)
    colour[clear] = under
    return Pixels(colour, np.where(clear, 0, 255).astype(np.uint8))


def over(pixels: Pixels, ground: Colour) -> NDArray[np.float64]:
    assert pixels.alpha is not None
    share = pixels.alpha[..., None] / 255
    return pixels.colour * share + np.array(ground) * (1 - share)


def psnr(left: NDArray[np.float64], right: Scene) -> float:
    return float(10 * np.log10(255**2 / np.square(left - right).mean()))


@pytest.mark.parametrize("under", [(255, 255, 255), (0, 0, 0), None])
@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (30, 60, 120)])
@pytest.mark.parametrize("inks", INKS)
def test_the_ground_is_found_whatever_lies_under_the_clear(
    inks: str, ground: Colour, under: Colour | None
) -> None:
    matted = on_matte(keyed(ground, INKS[inks], under or ground))
    assert matted is not None
    found = np.rint(matted.matte * 255)
    assert np.abs(found - ground).max() <= 6
    opaque = Pixels(drawn(4, ground, INKS[inks]))
    large = matted.unmix(opaque)
    assert psnr(over(large, tuple(found)), opaque.colour.astype(np.uint8)) > 40
    for other in ((128, 128, 128), (20, 24, 40), (255, 255, 255)):
        assert psnr(over(large, other), drawn(4, other, INKS[inks])) > 33


def test_what_is_far_from_the_rim_is_exactly_clear_or_solid() -> None:
    pixels = keyed((255, 255, 255), INKS["colours"], (0, 0, 0))
    matted = on_matte(pixels)
    assert matted is not None
    alpha = matted.unmix(Pixels(drawn(4, (255, 255, 255), INKS["colours"]))).alpha
    assert alpha is not None
    assert alpha[0, 0] == 0
    assert alpha[24 * 4, 24 * 4] == 0
    assert alpha[24 * 4, 9 * 4] == 255
    assert len(np.unique(alpha)) > 50


def test_a_rim_without_any_ground_in_it_stays_solid() -> None:
    image = Image.new("RGBA", (60, 60), (255, 255, 255, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 50, 50), fill=(255, 255, 255, 255))
    rgba = np.asarray(image)
    matted = on_matte(Pixels(rgba[..., :3].copy(), rgba[..., 3].copy()))
    assert matted is not None
    assert np.abs(matted.matte - 1).max() > 0.5
    opaque = matted.opaque
    doubled = Pixels(opaque.colour.repeat(2, axis=0).repeat(2, axis=1))
    large = matted.unmix(doubled)
    assert large.alpha is not None
    np.testing.assert_array_equal(large.alpha, rgba[..., 3].repeat(2, axis=0).repeat(2, axis=1))
    assert (large.colour[large.alpha > 0] == 255).all()


def test_grey_and_sixteen_bits_have_a_matte_too() -> None:
    pixels = keyed((255, 255, 255), INKS["colours"], (0, 0, 0))
    assert pixels.alpha is not None
    colour = pixels.colour[..., :1].astype(np.uint16) * 257
    matted = on_matte(Pixels(colour, pixels.alpha.astype(np.uint16) * 257))
    assert matted is not None
    assert matted.matte.shape == (1,)
    assert matted.unmix(matted.opaque).colour.dtype == np.uint16


@pytest.mark.parametrize("alpha", [None, 0, 255, 128])
def test_soft_or_missing_alpha_has_no_matte(alpha: int | None) -> None:
    colour = np.zeros((8, 8, 3), np.uint8)
    plane = None if alpha is None else np.full((8, 8), alpha, np.uint8)
    if plane is not None and alpha == 128:
        plane[:4] = 0
    assert on_matte(Pixels(colour, plane)) is None
