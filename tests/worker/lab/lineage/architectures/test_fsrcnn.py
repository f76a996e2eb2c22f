"""FSRCNN enlarges by a deconvolution whose kernel is centred."""

import torch

from worker.lab.lineage.architectures.fsrcnn import FSRCNN


def test_a_small_pixel_goes_where_it_belongs() -> None:
    last = FSRCNN(wide=1, narrow=1, mappings=1).enlarge
    torch.nn.init.constant_(last.weight, 0)
    torch.nn.init.zeros_(last.bias)  # type: ignore[arg-type]
    last.weight.data[0, 0, 4, 4] = 1
    x = torch.zeros(1, 1, 3, 5)
    x[0, 0, 1, 2] = 1
    out = last(x)
    assert out.shape == (1, 1, 12, 20)
    assert torch.nonzero(out).tolist() == [[0, 0, 4, 8]]
