"""Extremes around a pixel are those of max_pool2d."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import max_pool2d, pad

from worker.faithful.extremes import extremes_around


@given(height=st.integers(1, 12), width=st.integers(1, 12), reach_px=st.integers(0, 4))
def test_extremes_are_those_of_the_square_around(height: int, width: int, reach_px: int) -> None:
    x = torch.rand(3, height, width)
    lowest, highest = extremes_around(x, reach_px)
    side = 2 * reach_px + 1
    # max_pool2d leaves out what lies outside, as repeating the outermost pixels does.
    wide = pad(x[None], (reach_px,) * 4, mode="replicate")
    assert torch.equal(highest, max_pool2d(wide, side, stride=1)[0])
    assert torch.equal(lowest, -max_pool2d(-wide, side, stride=1)[0])
