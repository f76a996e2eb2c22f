"""The network of the texture loss.

M. S. M. Sajjadi, B. Schölkopf, M. Hirsch, "EnhanceNet: single image super-resolution through
automated texture synthesis", ICCV 2017: ten residual blocks, nearest neighbours and convolutions to
enlarge, the result added to bicubic interpolation. The count of its parameters is not published: a
reconstruction. Its novelty is the loss (worker.lab.lineage.losses).
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, conv, plain_block


class EnhanceNet(nn.Module):
    """(N, 3, h, w) to what is to be added to interpolation: (N, 3, 4 × h, 4 × w)."""

    def __init__(self, channels: int = 64, blocks: int = 10) -> None:
        super().__init__()
        self.head = nn.Sequential(conv(3, channels), nn.ReLU())
        self.body = nn.Sequential(*(plain_block(channels) for _ in range(blocks)))
        self.enlarge = nn.Sequential(*(_doubled(channels) for _ in range(2)))
        self.refine = nn.Sequential(conv(channels, channels), nn.ReLU())
        self.last = LastConv(channels, 3)
        # Small, so that training begins at interpolation.
        self.last.weight.data.mul_(0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Make the difference to interpolation."""
        body = self.refine(self.enlarge(self.body(self.head(x - 0.5))))
        return cast("Tensor", self.last(body))


def _doubled(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="nearest"), conv(channels, channels), nn.ReLU()
    )
