"""VDSR learns what interpolation lacks."""

import torch

from worker.lab.lineage.rows import ROWS
from worker.networks.plain import interpolate_bicubic


def test_it_begins_at_interpolation() -> None:
    torch.manual_seed(2)
    x = torch.rand(1, 3, 6, 8)
    with torch.inference_mode():
        made = ROWS["vdsr"].build()(x, torch.zeros(1))
    assert float((made - interpolate_bicubic(x, 4)).abs().max()) < 0.1
