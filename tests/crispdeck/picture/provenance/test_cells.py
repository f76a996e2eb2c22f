"""Codes and pixel art keep square cells; logos, letters and photographs are no codes."""

import numpy as np
import pytest

from crispdeck.picture.provenance import Code, detect, repeat
from tests.crispdeck.picture.provenance.made_pictures import (
    bar_code,
    drawing,
    jpeg,
    pixels,
    qr_like,
    screen,
    sprite,
    texture,
)


@pytest.mark.parametrize("module_px", [1, 2, 3, 8])
def test_a_qr_code_is_told(module_px: int) -> None:
    blocks = detect(pixels(qr_like(module_px))).blocks
    assert blocks is not None
    assert blocks.code is Code.QR_CODE
    assert blocks.cell_px == module_px


def test_a_qr_code_behind_jpeg_is_told() -> None:
    blocks = detect(pixels(jpeg(qr_like(6), 75))).blocks
    assert blocks is not None
    assert blocks.code is Code.QR_CODE


@pytest.mark.parametrize("module_px", [1, 2, 4])
def test_a_bar_code_is_told(module_px: int) -> None:
    blocks = detect(pixels(bar_code(module_px))).blocks
    assert blocks is not None
    assert blocks.code is Code.BAR_CODE
    assert blocks.cell_px == module_px


@pytest.mark.parametrize("cell_px", [1, 2, 5])
def test_pixel_art_is_told_with_its_grid(cell_px: int) -> None:
    blocks = detect(repeat(pixels(sprite()), cell_px)).blocks
    assert blocks is not None
    assert blocks.code is Code.PIXEL_ART
    assert blocks.cell_px == cell_px


@pytest.mark.parametrize("seed", range(4))
def test_other_pictures_are_no_cells(seed: int) -> None:
    for picture in (texture(90, 90, seed), drawing(160, 120, seed), screen(320, 200, seed)):
        assert detect(pixels(picture)).blocks is None


def test_repeating_is_exact() -> None:
    small = pixels(sprite())
    large = repeat(small, 4)
    for row, column in ((0, 0), (3, 1), (2, 3)):
        assert np.array_equal(large.colour[row::4, column::4], small.colour)
