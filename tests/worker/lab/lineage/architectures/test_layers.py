"""Last layers compute in float32, whatever comes before."""

import torch

from worker.lab.lineage.architectures.layers import LastConv, LastDeconv, shuffled


def test_a_last_layer_in_bfloat16_gives_float32() -> None:
    x = torch.rand(1, 4, 6, 6).bfloat16()
    for layer in (LastConv(4, 3), LastDeconv(4, 1, 9, 4)):
        assert layer.bfloat16()(x).dtype == torch.float32


def test_two_shuffles_enlarge_four_times() -> None:
    assert shuffled(4, 4)(torch.rand(1, 4, 3, 5)).shape == (1, 4, 12, 20)
