"""What a picture seen from several sides gains, and what it may cost."""

import pytest
import torch
from torch import Tensor

from worker.networks.ensemble import WORK, enlarge_by_ensemble, passes_for
from worker.networks.plain import interpolate_bicubic
from worker.networks.registry import NETWORKS

WAYS = (1, 2, 4)


def random_picture(height_px: int, width_px: int) -> Tensor:
    return torch.rand(2, 3, height_px, width_px, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("passes", WAYS)
def test_what_is_the_same_from_every_side_stays_as_it_is(passes: int) -> None:
    x = random_picture(7, 12)
    once = interpolate_bicubic(x, 4)
    torch.testing.assert_close(
        enlarge_by_ensemble(lambda y: interpolate_bicubic(y, 4), x, passes), once
    )


def test_every_way_round_is_seen_once_and_comes_back_in_its_place() -> None:
    x = random_picture(3, 3)[:1]
    seen: list[Tensor] = []

    def enlarge(y: Tensor) -> Tensor:
        seen.append(y.clone())
        return y

    torch.testing.assert_close(enlarge_by_ensemble(enlarge, x, 4), x)
    assert len({tuple(y.flatten().tolist()) for y in seen}) == 4


def test_an_error_that_leans_to_one_side_is_cancelled() -> None:
    x = random_picture(6, 9)
    leaning = torch.linspace(-1, 1, 9)
    mean = enlarge_by_ensemble(lambda y: y + leaning, x, 2)
    torch.testing.assert_close(mean, x)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_no_number_of_ways_costs_more_than_the_larger_tier_at_200_px(name: str) -> None:
    parameters = NETWORKS[name].parameters
    ways = [passes_for(side_px**2, parameters) for side_px in range(1, 600)]
    assert ways[0] == 4
    assert ways[-1] == 1
    assert ways == sorted(ways, reverse=True)
    assert all(
        passes == 1 or passes * side_px**2 * parameters <= WORK
        for side_px, passes in enumerate(ways, start=1)
    )
