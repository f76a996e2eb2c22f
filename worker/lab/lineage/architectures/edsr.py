"""EDSR: SRResNet without batch normalisation, and wider.

B. Lim et al., "Enhanced deep residual networks for single image super-resolution", CVPR workshops
2017. The baseline has 16 blocks of 64 channels; EDSR 32 of 256, each added by a tenth.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, Skip, conv, plain_block, shuffled

MEAN = 0.5
"""Taken off before and put on after. The paper's is DIV2K's mean colour; slides have another."""


class EDSR(nn.Module):
    """(N, 3, h, w) to (N, 3, scale × h, scale × w)."""

    def __init__(
        self, channels: int = 64, blocks: int = 16, share: float = 1.0, scale: int = 4
    ) -> None:
        """`share` of each block's result is added (residual scaling)."""
        super().__init__()
        self.head = conv(3, channels)
        self.body = Skip(
            *(plain_block(channels, share) for _ in range(blocks)), conv(channels, channels)
        )
        self.enlarge = shuffled(channels, scale)
        self.last = LastConv(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        body = self.enlarge(self.body(self.head(x - MEAN)))
        return cast("Tensor", self.last(body)) + MEAN
