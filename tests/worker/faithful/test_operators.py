"""The operators are Pillow's, and the way back is exact, borders included."""

import numpy as np
import pytest
import torch
from PIL import Image

from worker.faithful.operators import Operators

SIZES = [(1, 1), (1, 7), (7, 1), (60, 1), (2, 3), (5, 16), (31, 19)]
SCALES = [1.25, 2, 3, 4]


def pair(size: tuple[int, int], scale: float) -> tuple[torch.Tensor, torch.Tensor]:
    large = [round(side * scale) for side in size]
    torch.manual_seed(1)
    return torch.rand(3, *size), torch.rand(3, *large)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_shrinking_is_pillows(size: tuple[int, int], scale: float) -> None:
    small, large = pair(size, scale)
    ours = Operators(small.shape, large.shape).shrink(large)
    for channel, made in zip(large, ours, strict=True):
        image = Image.fromarray(channel.numpy())
        expected = np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC))
        assert np.abs(made.numpy() - expected).max() < 1e-5


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_restored_shrinks_to_what_it_was(size: tuple[int, int], scale: float) -> None:
    small, large = pair(size, scale)
    operators = Operators(small.shape, large.shape)
    assert torch.allclose(operators.shrink(operators.restore(small)), small, atol=1e-5)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_there_and_back_is_enlarging_and_then_shrinking(
    size: tuple[int, int], scale: float
) -> None:
    small, large = pair(size, scale)
    operators = Operators(small.shape, large.shape)
    expected = operators.shrink(operators.enlarge(small))
    assert torch.allclose(operators.there_and_back(small), expected, atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_a_blur_keeps_one_colour_and_takes_away_an_inner_checkerboard(
    size: tuple[int, int],
) -> None:
    small, large = pair(size, 2)
    operators = Operators(small.shape, large.shape)
    assert torch.allclose(operators.blur(torch.full_like(small, 0.3)), torch.full_like(small, 0.3))
    odd = torch.arange(size[0])[:, None] + torch.arange(size[1])
    blurred = operators.blur((odd % 2 - 0.5).expand(3, -1, -1))
    assert (blurred[:, 8:-8, 8:-8].abs() < 1e-3).all()
