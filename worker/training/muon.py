"""Muon, an optimizer for hidden weights: momentum whose update is made orthogonal; no schedule.

K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024. A convolution
(out, in, 3, 3) is taken as a matrix (out, in × 9). torch.optim.Muon takes matrices only.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

# The quintic whose iteration drives every singular value towards 1 (Jordan et al.).
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


class Muon(Optimizer):
    """Nesterov momentum, made orthogonal, scaled so that rates fit those of Adam.

    Args:
        weights: of hidden convolutions or linear layers, at least two-dimensional.
        lr: the root mean square of an update's entries is 0.2 × lr (J. Liu et al., "Muon is
            scalable for LLM training", 2025).
        momentum: of the running sum of gradients.
    """

    def __init__(self, weights: Iterable[Tensor], *, lr: float, momentum: float = 0.95) -> None:
        super().__init__(weights, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Move every weight once."""
        if closure is not None:
            raise TypeError("Muon takes no closure")
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, self.state[weight], group)

    @staticmethod
    def _move(
        weight: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(weight)
        running: Tensor = state["momentum"]
        running.mul_(group["momentum"]).add_(gradient)
        ahead = gradient + group["momentum"] * running
        update = orthogonal(ahead.flatten(1)).view_as(weight)
        rows, columns = weight.flatten(1).shape
        weight.add_(update, alpha=-0.2 * group["lr"] * max(rows, columns) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """Bring all singular values of `matrix` near 1, keeping its directions (Newton-Schulz)."""
    a, b, c = COEFFICIENTS
    turned = matrix.shape[0] > matrix.shape[1]
    x: Tensor = matrix.T if turned else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if turned else x
