"""SRNTT's feature network stays as it came."""

import torch

from worker.lab.lineage.references.srntt import SRNTT


def test_the_feature_network_neither_learns_nor_moves_its_means() -> None:
    torch.manual_seed(1)
    network = SRNTT(8, (1, 1, 1, 1)).train()
    before = {name: kept.clone() for name, kept in network.features.state_dict().items()}
    network(torch.rand(1, 3, 8, 8), torch.zeros(1), torch.rand(1, 3, 32, 32)).sum().backward()
    assert all(
        torch.equal(kept, before[name]) for name, kept in network.features.state_dict().items()
    )
    assert all(weight.grad is None for weight in network.features.parameters())
    assert network.merges[0].weight.grad is not None
