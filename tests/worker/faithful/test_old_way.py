"""The quick forms of the bounds give what the plain ones gave, within rounding."""

import pytest
import torch
from torch import Tensor

from worker.faithful.guarantee import guarantee, interpolated
from worker.faithful.kinds import Consistency
from worker.lab.bench.bounds import cases
from worker.lab.bench.bounds_old_way import old_way

MOST_MOVED = 1e-4
"""Share of samples that may fall on the other side of a half level, and so move by one."""


def assert_same_but_for_rounding(one: Tensor, other: Tensor) -> None:
    apart = (one - other).abs() * 255
    assert float(apart.max()) <= 1.001
    assert float((apart > 0.5).float().mean()) <= MOST_MOVED


@pytest.mark.parametrize("crispness", [0.0, 0.3])
@pytest.mark.parametrize(("side_px", "scale"), [(64, 4), (72, 2)])
def test_what_comes_out_is_what_came_out(side_px: int, scale: int, crispness: float) -> None:
    for case in cases(side_px, scale):
        out, use = guarantee(case.small, case.made, case.consistency, 255, crispness)
        with old_way():
            before, used = guarantee(case.small, case.made, case.consistency, 255, crispness)
        assert_same_but_for_rounding(out, before)
        assert use.most == pytest.approx(used.most, abs=1e-3)
        assert use.over == pytest.approx(used.over, abs=1e-4)
        assert use.clipped == pytest.approx(used.clipped, abs=1e-3)


@pytest.mark.parametrize("consistency", list(Consistency))
@pytest.mark.parametrize("size", [(96, 96), (77, 130), (48, 61)])
def test_so_it_is_at_odd_factors_and_for_noise(
    size: tuple[int, int], consistency: Consistency
) -> None:
    chance = torch.Generator().manual_seed(7)
    small = torch.rand((3, 48, 61), generator=chance).mul_(255).round_().div_(255)
    small[:, :20, :20] = 1.0
    small[:, 25:40, 25:40] = 0.0
    made = torch.rand((3, *size), generator=chance) * 1.4 - 0.2
    out, _ = guarantee(small, made.clone(), consistency, 65535)
    with old_way():
        before, _ = guarantee(small, made.clone(), consistency, 65535)
    assert float((out - before).abs().max()) <= 4 / 65535
    plain = interpolated(small, torch.Size(size))
    with old_way():
        assert torch.allclose(plain, interpolated(small, torch.Size(size)), atol=2e-5)


@pytest.mark.parametrize("size", [(1, 9), (9, 1), (1, 1)])
def test_so_it_is_for_single_rows_and_columns(size: tuple[int, int]) -> None:
    small = torch.rand((3, *size), generator=torch.Generator().manual_seed(1))
    made = torch.rand((3, size[0] * 4, size[1] * 4), generator=torch.Generator().manual_seed(2))
    out, _ = guarantee(small, made.clone(), Consistency.EXACT, 255)
    with old_way():
        assert_same_but_for_rounding(out, guarantee(small, made, Consistency.EXACT, 255)[0])
