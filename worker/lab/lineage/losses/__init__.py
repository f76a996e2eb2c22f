"""What training makes small: pixels, features, textures, what a judge can tell."""

from collections.abc import Callable

from torch import Tensor
from torch.nn.functional import l1_loss, mse_loss

from worker.lab.lineage.rows import Loss

LossOf = Callable[[Tensor, Tensor, Tensor], Tensor]


def loss_for(name: Loss) -> LossOf:
    """Give the loss of that name: of the enlarged, the sharp and the small picture."""
    if name == "squares":
        return lambda enlarged, sharp, _: mse_loss(enlarged, sharp)
    if name == "absolute":
        return lambda enlarged, sharp, _: l1_loss(enlarged, sharp)
    raise NotImplementedError(name)
