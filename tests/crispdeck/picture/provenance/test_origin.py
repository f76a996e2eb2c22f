"""How a picture came to its pixels is told from the pixels alone."""

import numpy as np
import pytest
from PIL import Image

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import Kind, detect
from tests.crispdeck.picture.provenance.made_pictures import blurred, jpeg, pixels, screen, texture


@pytest.mark.parametrize("seed", range(3))
def test_a_shrunk_picture_is_shrunk(seed: int) -> None:
    for large in (texture(800, 600, seed), screen(800, 600, seed)):
        small = large.resize((291, 219), Image.Resampling.BICUBIC)
        assert detect(pixels(small)).kind is Kind.SHRUNK


@pytest.mark.parametrize("seed", range(3))
def test_whole_pixel_strokes_are_rendered(seed: int) -> None:
    found = detect(pixels(screen(300, 220, seed)))
    assert found.kind is Kind.RENDERED
    assert 0.5 <= found.kind_confidence <= 1


@pytest.mark.parametrize("quality", [75, 60])
@pytest.mark.parametrize("seed", range(3))
def test_jpeg_is_told_from_its_pixels(seed: int, quality: int) -> None:
    for clean in (blurred(texture(300, 220, seed), 0.8), screen(300, 220, seed)):
        assert detect(pixels(jpeg(clean, quality))).kind is Kind.JPEG


@pytest.mark.parametrize("seed", range(3))
def test_a_dithered_palette_is_told(seed: int) -> None:
    dithered = texture(300, 220, seed).quantize(32).convert("RGB")
    assert detect(pixels(dithered)).kind is Kind.PALETTE


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (31, 200)])
def test_too_small_a_picture_is_unknown(size: tuple[int, int]) -> None:
    assert detect(pixels(texture(*size))).kind is Kind.UNKNOWN


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_mode_can_be_looked_at(channels: int) -> None:
    rng = np.random.default_rng(1)
    eight = rng.integers(0, 256, (64, 64, channels), dtype=np.uint8)
    sixteen = rng.integers(0, 65536, (64, 64, channels), dtype=np.uint16)
    for picture in (Pixels(eight), Pixels(eight, eight[..., 0]), Pixels(sixteen)):
        assert detect(picture).kind in set(Kind)
    assert detect(Pixels(sixteen, sixteen[..., 0])).blocks is None
