"""What is soft goes back to interpolation; what is sharp keeps what the network made of it."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import Tensor

from tests.worker.faithful.pictures import as_plane, natural
from worker.faithful.guarantee import guarantee
from worker.faithful.kinds import Consistency
from worker.faithful.support import drawn, support

WORDS = "Shipping dates\ndepend on stock\nbefore Friday"


def page(blur_px: float = 0.0) -> Tensor:
    """A small page (3, 64, 112) that was shrunk from a sharp one, then blurred by so much."""
    whole = Image.new("RGB", (448, 256), "white")
    ImageDraw.Draw(whole).multiline_text((20, 16), WORDS, "black", ImageFont.load_default(52))
    small = whole.resize((112, 64), Image.Resampling.BICUBIC)
    return as_plane(np.asarray(small.filter(ImageFilter.GaussianBlur(blur_px)), np.uint8))


def noisy(seed: int) -> Tensor:
    texture = np.random.default_rng(seed).normal(128, 40, (64, 112, 3))
    return as_plane(np.clip(texture, 0, 255).astype(np.uint8))


def test_sharp_letters_and_texture_are_supported_everywhere() -> None:
    assert support(page()).min() > 0.95
    assert support(noisy(1)).min() == 1


@pytest.mark.parametrize("blur_px", [1.5, 2.5])
def test_where_all_is_blurred_nothing_is_supported(blur_px: float) -> None:
    soft = page(blur_px)
    inside = support(soft)[:, 16:40, 16:64]
    assert inside.max() < 0.2


def test_an_empty_place_is_not_taken_for_a_soft_one() -> None:
    assert support(torch.full((3, 40, 40), 0.7)).min() == 1


def test_half_soft_half_sharp_passes_over_smoothly() -> None:
    half = page()
    half[:, :, 56:] = page(2.0)[:, :, 56:]
    share = support(half)[0]
    assert share[:, :30].min() > 0.9
    assert share[20:40, 84:100].max() < 0.3
    assert share.diff(dim=1).abs().max() < 0.25


@pytest.mark.parametrize("consistency", Consistency)
def test_whatever_a_network_adds_to_a_soft_picture_hardly_shows(consistency: Consistency) -> None:
    soft = page(2.0)
    hostile = torch.rand((3, 256, 448), generator=torch.Generator().manual_seed(1))
    made, _ = guarantee(soft, hostile, consistency, 255)
    plain = torch.nn.functional.interpolate(
        soft[None], scale_factor=4, mode="bicubic", antialias=True
    )[0]
    inside = (slice(None), slice(80, 150), slice(70, 240))
    assert (made - plain)[inside].abs().mean() < 4 / 255


def test_letters_on_ground_are_a_drawing_and_a_texture_is_none() -> None:
    assert drawn(page()).mean() > 0.8
    assert drawn(noisy(2)).max() == 0
    assert drawn(as_plane(natural(64, 96))).mean() < 0.5
