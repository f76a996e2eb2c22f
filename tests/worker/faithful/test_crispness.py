"""Crisper edges: steeper, where they were, and never beyond their neighbours."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import max_pool2d

from tests.worker.faithful.pictures import natural
from worker.faithful.crispness import steepened
from worker.faithful.guarantee import guarantee
from worker.faithful.kinds import Consistency
from worker.faithful.operators import Operators


def edge(width_px: float) -> Tensor:
    """A soft step from 0.2 to 0.8 between two halves of a picture."""
    place = (torch.arange(64) - 31.5) / width_px
    return (0.2 + 0.6 * torch.sigmoid(4 * place)).expand(3, 16, 64).contiguous()


def rise_px(picture: Tensor) -> float:
    """10 to 90 % of the step, along the first row."""
    place = (picture[0, 0] - 0.2) / 0.6
    return float(((place > 0.1) & (place < 0.9)).count_nonzero())


def test_rows_done_apart_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(3, 50, 30)
    apart = {rows: _with_rows(monkeypatch, rows, x) for rows in (1, 7, 64)}
    assert torch.equal(apart[1], apart[64])
    assert torch.equal(apart[7], apart[64])


def _with_rows(monkeypatch: pytest.MonkeyPatch, rows: int, x: Tensor) -> Tensor:
    monkeypatch.setattr("worker.faithful.crispness.ROWS_AT_ONCE", rows)
    return steepened(x, 1, 4)


def test_at_zero_nothing_changes() -> None:
    x = torch.rand(3, 20, 30)
    assert torch.equal(steepened(x, 0, 4), x)


def test_the_crisper_the_steeper_and_the_middle_stays() -> None:
    soft = edge(4)
    widths = [rise_px(steepened(soft, crispness, 4)) for crispness in (0, 0.5, 1)]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] < widths[0]
    middle = steepened(soft, 1, 4)[:, :, 31:33].mean()
    assert float(middle) == pytest.approx(0.5, abs=0.01)
    assert float(steepened(soft, 1, 4).mean()) == pytest.approx(float(soft.mean()), abs=1e-4)


def test_what_was_enlarged_less_is_steepened_less() -> None:
    soft = edge(4)
    # Of one reach, so that nothing but the strength differs.
    less, more, most = (float((steepened(soft, 1, x) - soft).abs().max()) for x in (3.6, 4, 4.4))
    assert 0 < less < more == most
    assert torch.equal(steepened(soft, 0.4, 4), steepened(soft, 0.4 * 3 / 2.6, 3.6))


@given(
    seed=st.integers(0, 2**31), crispness=st.floats(0, 1), scale=st.sampled_from([1.5, 2, 3.3, 4])
)
@settings(max_examples=30, deadline=None)
def test_no_sample_leaves_the_range_around_it(seed: int, crispness: float, scale: float) -> None:
    x = torch.rand(3, 17, 21, generator=torch.Generator().manual_seed(seed))
    reach = max(1, round(scale / 2))
    side = 2 * reach + 1
    highest = max_pool2d(x, side, stride=1, padding=reach)
    lowest = -max_pool2d(-x, side, stride=1, padding=reach)
    crisp = steepened(x, crispness, scale)
    assert (crisp <= highest + 1e-5).all()
    assert (crisp >= lowest - 1e-5).all()


def test_grain_is_left_alone() -> None:
    grain = 0.5 + (torch.rand(3, 20, 20) - 0.5) * 7 / 255
    assert torch.equal(steepened(grain, 1, 4), grain)


@pytest.mark.parametrize("consistency", list(Consistency))
def test_crisp_is_still_within_the_bounds(consistency: Consistency) -> None:
    small = torch.from_numpy(natural(30, 40)).permute(2, 0, 1) / 255
    made = torch.randn(3, 120, 160, generator=torch.Generator().manual_seed(2)) * 0.05
    made += Operators(small.shape, made.shape).enlarge(small)
    _, use = guarantee(small, made, consistency, 255, 1.0)
    assert use.over * 255 <= 1
