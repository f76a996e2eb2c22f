"""Landmark lays on what it can register, and leaves the rest as it is."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from worker.lab.lineage.references.landmark import Landmark, retrieve
from worker.lab.lineage.references.pairs import reference_for
from worker.networks.plain import interpolate_bicubic


def scene(seed: int) -> Tensor:
    """A picture with corners everywhere: (1, 3, 160, 160)."""
    picture = Image.new("RGB", (160, 160), "white")
    pen, rng = ImageDraw.Draw(picture), np.random.default_rng(seed)
    for _ in range(60):
        left, top = (int(side) for side in rng.integers(0, 140, 2))
        width, height = (int(side) for side in rng.integers(4, 40, 2))
        colour = tuple(int(level) for level in rng.integers(0, 256, 3))
        pen.rectangle((left, top, left + width, top + height), fill=colour)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255


def shrunk(sharp: Tensor) -> Tensor:
    return torch.nn.functional.interpolate(
        sharp, size=(40, 40), mode="bicubic", antialias=True
    ).clamp(0, 1)


def error(made: Tensor, sharp: Tensor) -> float:
    return float((made - sharp).square().mean())


@pytest.fixture
def sharp() -> Tensor:
    return scene(1)


def test_a_good_reference_halves_the_error(sharp: Tensor) -> None:
    x = shrunk(sharp)
    reference = reference_for(sharp, sharp, "good", seed=2)
    made = Landmark()(x, torch.zeros(1), reference)
    assert error(made, sharp) < error(interpolate_bicubic(x, 4), sharp) / 2


def test_an_unrelated_one_changes_nothing(sharp: Tensor) -> None:
    x = shrunk(sharp)
    made = Landmark()(x, torch.zeros(1), torch.full_like(sharp, 0.5))
    torch.testing.assert_close(made, interpolate_bicubic(x, 4))


def test_of_several_the_one_of_the_same_thing_is_retrieved(sharp: Tensor) -> None:
    plain = interpolate_bicubic(shrunk(sharp), 4)[0]
    good = reference_for(sharp, sharp, "good", seed=3)[0]
    assert retrieve(plain, [scene(5)[0], good, scene(6)[0]]) is good
    assert retrieve(plain, [torch.zeros(3, 64, 64)]) is None
