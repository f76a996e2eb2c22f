"""Muon, an optimizer for hidden weights: momentum whose update is made orthogonal; no schedule.

K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024. A convolution
(out, in, 3, 3) is taken as a matrix (out, in × 9). torch.optim.Muon takes matrices only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim import Optimizer

# The quintic whose iteration drives every singular value towards 1 (Jordan et al.).
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5  # Jordan et al.: singular values lie between 0.7 and 1.2 after five


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
            alike: dict[torch.Size, list[Tensor]] = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is not None:
                    alike[weight.shape].append(weight)
            for weights in alike.values():
                self._move(weights, group)

    def _move(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        """Move weights of one shape at once: a body has dozens, and each is small."""
        ahead = torch.stack([self._ahead(weight, group["momentum"]) for weight in weights])
        updates = orthogonal(ahead.flatten(2)).view_as(ahead)
        rows, columns = weights[0].flatten(1).shape
        for weight, update in zip(weights, updates, strict=True):
            weight.add_(update, alpha=-0.2 * group["lr"] * max(rows, columns) ** 0.5)

    def _ahead(self, weight: Tensor, momentum: float) -> Tensor:
        """Add the gradient of `weight` to its running sum, and look one step ahead (Nesterov)."""
        gradient, state = cast("Tensor", weight.grad), self.state[weight]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(weight)
        running: Tensor = state["momentum"]
        running.mul_(momentum).add_(gradient)
        return gradient + momentum * running


def orthogonal(matrices: Tensor) -> Tensor:
    """Bring all singular values of each of `matrices` (…, rows, columns) near 1 (Newton-Schulz).

    Their directions stay.
    """
    a, b, c = COEFFICIENTS
    is_transposed = matrices.shape[-2] > matrices.shape[-1]
    x: Tensor = matrices.mT if is_transposed else matrices
    x = x / (torch.linalg.matrix_norm(x, keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if is_transposed else x
