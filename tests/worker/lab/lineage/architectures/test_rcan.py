"""RCAN's attention weighs channels by their mean over the picture."""

import torch

from worker.lab.lineage.architectures.rcan import ChannelAttention


def test_every_pixel_of_a_channel_is_weighed_alike_and_by_no_more_than_one() -> None:
    torch.manual_seed(4)
    x = torch.rand(1, 16, 5, 7) + 0.1
    with torch.inference_mode():
        weights = ChannelAttention(16, 4)(x) / x
    assert float((weights.amax((2, 3)) - weights.amin((2, 3))).max()) < 1e-5
    assert 0 < float(weights.min()) < float(weights.max()) < 1
