"""SRResNet: residual blocks with batch normalisation; the generator of SRGAN.

C. Ledig et al., "Photo-realistic single image super-resolution using a generative adversarial
network", CVPR 2017. Sixteen blocks of 64 channels, two pixel shuffles, 9 × 9 at both ends.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, Skip, conv, shuffled


class SRResNet(nn.Module):
    """(N, 3, h, w) to (N, 3, scale × h, scale × w)."""

    def __init__(self, channels: int = 64, blocks: int = 16, scale: int = 4) -> None:
        super().__init__()
        self.head = nn.Sequential(conv(3, channels, 9), nn.PReLU())
        self.body = Skip(
            *(_block(channels) for _ in range(blocks)),
            conv(channels, channels),
            nn.BatchNorm2d(channels),
        )
        self.enlarge = shuffled(channels, scale, nn.PReLU)
        self.last = LastConv(channels, 3, 9)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        return cast("Tensor", self.last(self.enlarge(self.body(self.head(x)))))


def _block(channels: int) -> Skip:
    return Skip(
        conv(channels, channels),
        nn.BatchNorm2d(channels),
        nn.PReLU(),
        conv(channels, channels),
        nn.BatchNorm2d(channels),
    )
