"""Gram matrices of patches know what is there and not where."""

import torch

from worker.lab.lineage.losses.texture import grams


def test_moving_within_a_patch_changes_nothing_and_moving_out_does() -> None:
    features = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    within = features.clone()
    within[:, :, :4, :4] = features[:, :, :4, :4].flip(3)
    torch.testing.assert_close(grams(features, 4), grams(within, 4))
    across = features.flip(3)
    assert not torch.allclose(grams(features, 4), grams(across, 4))
    assert grams(features, 4).shape == (1, 4, 3, 3)
