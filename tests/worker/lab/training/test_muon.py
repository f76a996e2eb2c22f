"""Muon moves a matrix along the nearest orthogonal one, at rates that fit Adam's."""

import pytest
import torch
from torch import nn

from worker.lab.training.muon import Muon


def moved(weight: nn.Parameter, gradient: torch.Tensor, lr: float = 1.0) -> torch.Tensor:
    """By how much one step moves a weight."""
    before = weight.detach().clone()
    weight.grad = gradient
    Muon([weight], lr=lr).step()
    return weight.detach() - before


@pytest.mark.parametrize("shape", [(16, 8), (8, 16), (16, 4, 3, 3)])
def test_a_step_has_singular_values_near_each_other(shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    step = moved(nn.Parameter(torch.zeros(shape)), torch.randn(shape)).flatten(1)
    values = torch.linalg.svdvals(step)
    assert values.max() / values.min() < 2.5


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 3, 3)])
def test_a_step_is_a_fifth_of_the_rate_whatever_the_gradient(shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    for size in (1e-4, 1e4):
        step = moved(nn.Parameter(torch.zeros(shape)), size * torch.randn(shape), lr=0.01)
        assert float(step.square().mean().sqrt()) == pytest.approx(0.002, rel=0.3)


def test_steps_go_down_a_slope() -> None:
    torch.manual_seed(1)
    aim, weight = torch.randn(8, 8), nn.Parameter(torch.zeros(8, 8))
    optimizer = Muon([weight], lr=0.2)
    losses = []
    for _ in range(60):
        loss = (weight - aim).square().mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] / 10


def test_weights_of_one_shape_move_as_each_would_alone() -> None:
    torch.manual_seed(1)
    gradients = [torch.randn(6, 6), torch.randn(6, 6)]
    alone = [moved(nn.Parameter(torch.zeros(6, 6)), gradient) for gradient in gradients]
    weights = [nn.Parameter(torch.zeros(6, 6)) for _ in gradients]
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient
    Muon(weights, lr=1.0).step()
    for weight, step in zip(weights, alone, strict=True):
        assert torch.allclose(weight.detach(), step, atol=1e-5)


def test_a_closure_is_refused() -> None:
    with pytest.raises(TypeError):
        Muon([nn.Parameter(torch.zeros(2, 2))], lr=1.0).step(lambda: 0.0)
