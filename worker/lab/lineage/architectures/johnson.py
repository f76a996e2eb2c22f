"""The transformation network of the feature loss.

J. Johnson, A. Alahi, L. Fei-Fei, "Perceptual losses for real-time style transfer and
super-resolution", ECCV 2016: 9 × 9, four residual blocks with batch normalisation, two fractionally
strided convolutions, 9 × 9 and a scaled tanh. The count of its parameters is not published: a
reconstruction from its text. Its novelty is the loss (worker.lab.lineage.losses).
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, Skip, conv

STRETCH = 1.05
"""Of the tanh beyond 0..1, so that white and black can be reached: a guess."""


class TransformNet(nn.Module):
    """(N, 3, h, w) to (N, 3, 4 × h, 4 × w)."""

    def __init__(self, channels: int = 64, blocks: int = 4) -> None:
        super().__init__()
        self.head = nn.Sequential(conv(3, channels, 9), nn.BatchNorm2d(channels), nn.ReLU())
        self.body = nn.Sequential(*(_block(channels) for _ in range(blocks)))
        self.enlarge = nn.Sequential(*(_doubled(channels) for _ in range(2)))
        self.last = LastConv(channels, 3, 9)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        made = self.last(self.enlarge(self.body(self.head(x - 0.5))))
        return cast("Tensor", made).tanh() * (STRETCH / 2) + 0.5


def _block(channels: int) -> Skip:
    return Skip(
        conv(channels, channels),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        conv(channels, channels),
        nn.BatchNorm2d(channels),
    )


def _doubled(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(channels, channels, 3, 2, 1, output_padding=1),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    )
