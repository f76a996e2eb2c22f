"""SRDenseNet: every layer of a block sees all before it, the last one every block.

T. Tong, G. Li, X. Liu, Q. Gao, "Image super-resolution using dense skip connections", ICCV 2017
(SRDenseNet_All): eight dense blocks of eight convolutions that add 16 channels each, a 1 × 1
bottleneck, two deconvolutions. There is no code of its authors: a reconstruction. The 2.0 million
parameters that are quoted for it are those of ours before the deconvolutions.
"""

from typing import cast

import torch
from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, conv


class _DenseBlock(nn.Module):
    """Convolutions, each on the block's input and all results before; gives the results."""

    def __init__(self, channels: int, layers: int, growth: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            conv(channels + number * growth, growth) for number in range(layers)
        )

    def forward(self, x: Tensor) -> Tensor:
        found = [x]
        for layer in self.layers:
            found.append(layer(torch.cat(found, dim=1)).relu())
        return torch.cat(found[1:], dim=1)


class SRDenseNet(nn.Module):
    """(N, 1, h, w) to (N, 1, 4 × h, 4 × w)."""

    def __init__(
        self, growth: int = 16, layers: int = 8, blocks: int = 8, bottleneck: int = 256
    ) -> None:
        super().__init__()
        channels = growth * layers
        self.head = conv(1, channels)
        self.blocks = nn.ModuleList(_DenseBlock(channels, layers, growth) for _ in range(blocks))
        self.bottleneck = conv(channels * (blocks + 1), bottleneck, 1)
        self.enlarge = nn.Sequential(
            *(_doubled(bottleneck), nn.ReLU(), _doubled(bottleneck), nn.ReLU())
        )
        self.last = LastConv(bottleneck, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large luminance of the small one."""
        found = [self.head(x - 0.5).relu()]
        for block in self.blocks:
            found.append(block(found[-1]))
        body = self.bottleneck(torch.cat(found, dim=1)).relu()
        return cast("Tensor", self.last(self.enlarge(body))) + 0.5


def _doubled(channels: int) -> nn.ConvTranspose2d:
    return nn.ConvTranspose2d(channels, channels, 3, 2, 1, output_padding=1)
