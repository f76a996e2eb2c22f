"""RCAN: residual groups in residual groups, with attention to channels.

Y. Zhang et al., "Image super-resolution using very deep residual channel attention networks", ECCV
2018: ten groups of twenty blocks. The attention is a mean over the whole picture, so a part of a
picture gives another result than the whole: tiling is refused.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, Skip, channel_weights, conv, shuffled


class ChannelAttention(nn.Module):
    """Weigh channels by their mean over the picture (Hu et al. 2018, squeeze and excitation)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        self.weigh = channel_weights(channels, reduction)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x` (N, C, H, W)."""
        return cast("Tensor", x * self.weigh(x.mean(dim=(2, 3), keepdim=True)))


class RCAN(nn.Module):
    """(N, 3, h, w) to (N, 3, scale × h, scale × w)."""

    def __init__(
        self,
        channels: int = 64,
        groups: int = 10,
        blocks: int = 20,
        reduction: int = 16,
        scale: int = 4,
    ) -> None:
        super().__init__()
        self.head = conv(3, channels)
        self.body = Skip(
            *(_group(channels, blocks, reduction) for _ in range(groups)), conv(channels, channels)
        )
        self.enlarge = shuffled(channels, scale)
        self.last = LastConv(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        return cast("Tensor", self.last(self.enlarge(self.body(self.head(x - 0.5))))) + 0.5


def _group(channels: int, blocks: int, reduction: int) -> Skip:
    return Skip(*(_block(channels, reduction) for _ in range(blocks)), conv(channels, channels))


def _block(channels: int, reduction: int) -> Skip:
    return Skip(
        conv(channels, channels),
        nn.ReLU(),
        conv(channels, channels),
        ChannelAttention(channels, reduction),
    )
