"""Thumbnails fit their box, are PNGs that every browser shows, and never enlarge."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from crispdeck.errors import PictureTooLargeError
from crispdeck.picture.thumbnail import thumbnail


def shown(blob: bytes, max_side_px: int = 20) -> Image.Image:
    image = Image.open(io.BytesIO(thumbnail(blob, max_side_px=max_side_px, max_px=10_000)))
    assert image.format == "PNG"
    return image


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("PNG", "1", "RGB"),
        ("PNG", "LA", "RGBA"),
        ("PNG", "P", "RGB"),
        ("PNG", "RGBA", "RGBA"),
        ("JPEG", "CMYK", "RGB"),
        ("TIFF", "RGB", "RGB"),
    ],
)
def test_every_mode_becomes_one_for_the_screen(
    scene: NDArray[np.uint8], save: Callable[..., bytes], kind: str, mode: str, expected: str
) -> None:
    image = shown(save(scene, kind, mode))
    assert image.size == (20, 15)
    assert image.mode == expected


def test_16_bits_are_shown_with_their_upper_8(make_tiff: Callable[..., bytes]) -> None:
    image = shown(make_tiff(np.full((4, 4, 3), 0xABCD, np.uint16)))
    assert image.getpixel((0, 0)) == (0xAB, 0xAB, 0xAB)


def test_a_small_picture_is_not_enlarged(
    scene: NDArray[np.uint8], save: Callable[..., bytes]
) -> None:
    assert shown(save(scene, "PNG"), 500).size == (40, 30)


def test_a_thin_picture_keeps_one_pixel(save: Callable[..., bytes]) -> None:
    assert shown(save(np.zeros((1, 500, 3), np.uint8), "PNG")).size == (20, 1)


def test_the_limit_of_pixels_holds(scene: NDArray[np.uint8], save: Callable[..., bytes]) -> None:
    with pytest.raises(PictureTooLargeError):
        thumbnail(save(scene, "PNG"), max_px=100)
