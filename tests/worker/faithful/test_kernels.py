import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from crispdeck.sample.drawings import logo
from tests.worker.faithful.pictures import as_plane
from worker.faithful.kernels import (
    MARGIN_DB,
    PART_PX,
    PLAIN_MARGIN_DB,
    is_bicubic,
    liveliest,
)

R = Image.Resampling


def planes(image: Image.Image) -> Tensor:
    return as_plane(np.array(image))[None]


def drawing(ground: str = "#f1f5f9") -> Image.Image:
    image = Image.new("RGBA", (220, 80), ground)
    image.alpha_composite(logo())
    return image.convert("RGB")


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize(
    ("how", "expected"), [(R.BICUBIC, True), (R.LANCZOS, True), (R.BOX, False), (R.BILINEAR, False)]
)
def test_the_way_of_shrinking_is_known_from_the_sharp_picture(
    how: Image.Resampling, expected: bool, scale: int
) -> None:
    large = drawing()
    small = large.resize((large.width // scale, large.height // scale), how)
    assert is_bicubic(planes(small), planes(large)) is expected


def test_what_its_looks_leave_open_has_to_be_shown_more_plainly() -> None:
    large = drawing()
    ways = [planes(large.resize((110, 40), how)) for how in (R.BICUBIC, R.BOX)]
    between = 0.53 * ways[0] + 0.47 * ways[1]
    assert is_bicubic(between, planes(large), MARGIN_DB)
    assert not is_bicubic(between, planes(large), PLAIN_MARGIN_DB)


def test_rounding_of_one_colour_speaks_against_no_way_of_shrinking() -> None:
    """The wider a kernel, the less is left of noise: by that alone a box would come nearer."""
    noise = 1e-4 * torch.randn((1, 3, 32, 32), generator=torch.Generator().manual_seed(1))
    assert is_bicubic(torch.full((1, 3, 8, 8), 0.4), 0.4 + noise)


@pytest.mark.parametrize(("how", "expected"), [(R.BICUBIC, True), (R.BOX, False)])
def test_values_beyond_white_count_as_white(how: Image.Resampling, expected: bool) -> None:
    large = drawing(ground="white")
    small = large.resize((55, 20), how)
    made = planes(large)
    assert is_bicubic(planes(small), made + 0.5 * (made == 1)) is expected


@pytest.mark.parametrize(("top", "left"), [(0, 0), (30, 110), (96, 160)])
def test_the_part_to_judge_by_lies_where_most_happens(top: int, left: int) -> None:
    whole = torch.full((2, 3, 118, 203), 0.6)
    noise = torch.rand((2, 3, 20, 40), generator=torch.Generator().manual_seed(3))
    whole[:, :, top : top + 20, left : left + 40] = noise
    part = liveliest(whole)
    assert part.shape == (2, 3, PART_PX, PART_PX)
    assert set(part.flatten().tolist()) == set(whole.flatten().tolist())


@pytest.mark.parametrize(("height_px", "width_px"), [(1, 1), (1, 300), (20, 64), (64, 9)])
def test_a_small_picture_is_judged_whole(height_px: int, width_px: int) -> None:
    whole = torch.zeros((1, 3, height_px, width_px))
    assert liveliest(whole).shape == (1, 3, height_px, min(width_px, PART_PX))
