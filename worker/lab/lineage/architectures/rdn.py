"""RDN: dense blocks with a skip of their own, all of them fused.

Y. Zhang, Y. Tian, Y. Kong, B. Zhong, Y. Fu, "Residual dense network for image super-resolution",
CVPR 2018: sixteen blocks of eight convolutions that add 64 channels each.
"""

from typing import cast

import torch
from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, conv, shuffled


class _ResidualDenseBlock(nn.Module):
    def __init__(self, channels: int, layers: int, growth: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            conv(channels + number * growth, growth) for number in range(layers)
        )
        self.fuse = conv(channels + layers * growth, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        found = [x]
        for layer in self.layers:
            found.append(layer(torch.cat(found, dim=1)).relu())
        return x + cast("Tensor", self.fuse(torch.cat(found, dim=1)))


class RDN(nn.Module):
    """(N, 3, h, w) to (N, 3, scale × h, scale × w)."""

    def __init__(
        self,
        channels: int = 64,
        blocks: int = 16,
        layers: int = 8,
        growth: int = 64,
        scale: int = 4,
    ) -> None:
        super().__init__()
        self.first, self.second = conv(3, channels), conv(channels, channels)
        self.blocks = nn.ModuleList(
            _ResidualDenseBlock(channels, layers, growth) for _ in range(blocks)
        )
        self.fuse = nn.Sequential(conv(blocks * channels, channels, 1), conv(channels, channels))
        self.enlarge = shuffled(channels, scale)
        self.last = LastConv(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        shallow = self.first(x - 0.5)
        found = [self.second(shallow)]
        for block in self.blocks:
            found.append(block(found[-1]))
        body = self.fuse(torch.cat(found[1:], dim=1)) + shallow
        return cast("Tensor", self.last(self.enlarge(body))) + 0.5
