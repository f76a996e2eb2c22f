"""References are as alike as they are called."""

import torch

from tests.worker.lab.lineage.references.test_landmark import scene
from worker.lab.lineage.references.pairs import LIKENESSES, reference_for, training_references


def test_the_less_alike_the_larger_the_difference() -> None:
    sharp = scene(1)
    gaps = [
        float((reference_for(sharp, scene(9), kind, seed=4) - sharp).abs().mean())
        for kind in LIKENESSES
    ]
    assert 0.01 < gaps[0] < gaps[1]
    assert gaps[0] < gaps[2]


def test_the_same_seed_draws_the_same_ones() -> None:
    sharp = torch.rand(3, 3, 16, 16)
    first, again, other = (training_references(sharp, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == sharp.shape
