"""SRCNN works on interpolated luminance alone."""

import torch

from worker.lab.lineage.inputs import luma
from worker.lab.lineage.rows import ROWS
from worker.networks.plain import interpolate_bicubic


def test_colour_stays_that_of_interpolation() -> None:
    torch.manual_seed(1)
    x = torch.rand(1, 3, 6, 8)
    with torch.inference_mode():
        made = ROWS["srcnn"].build()(x, torch.zeros(1))
    plain = interpolate_bicubic(x, 4)
    assert float((made - plain).abs().max()) > 0.01
    torch.testing.assert_close(made - luma(made), plain - luma(plain))
