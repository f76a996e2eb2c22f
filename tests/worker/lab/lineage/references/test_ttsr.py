"""TTSR uses its reference, and its extractor learns through the score."""

import torch

from worker.lab.lineage.references.ttsr import TTSR


def test_another_reference_gives_another_picture_and_the_extractor_learns() -> None:
    torch.manual_seed(1)
    network = TTSR(8, 4, (1, 1, 1, 1))
    x, known = torch.rand(1, 3, 8, 8), torch.zeros(1)
    one, other = (network(x, known, torch.rand(1, 3, 32, 36)) for _ in range(2))
    assert float((one - other).detach().abs().max()) > 1e-4
    one.sum().backward()
    first = next(network.extractor.parameters())
    assert first.grad is not None
    assert float(first.grad.abs().sum()) > 0
