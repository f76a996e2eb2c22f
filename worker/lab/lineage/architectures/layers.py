"""What several architectures of the lineage are put together from; no architecture of its own."""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d


def conv(channels_in: int, channels_out: int, side: int = 3) -> nn.Conv2d:
    """Convolve with zeros around the picture, as all of these papers do; the size stays."""
    return nn.Conv2d(channels_in, channels_out, side, padding=side // 2)


def channel_weights(channels: int, reduction: int) -> nn.Sequential:
    """Make what turns a figure of each channel (N, channels, 1, 1) into its weight, 0 to 1.

    Squeeze and excitation (Hu et al. 2018), through channels // reduction.
    """
    return nn.Sequential(
        conv(channels, channels // reduction, 1),
        nn.ReLU(),
        conv(channels // reduction, channels, 1),
        nn.Sigmoid(),
    )


class LastConv(nn.Conv2d):
    """A last convolution that computes in float32, whatever the layers before it run in.

    What it makes is the picture itself: bf16 has 8 bits, and half a level would be lost.
    """

    def __init__(self, channels_in: int, channels_out: int, side: int = 3) -> None:
        super().__init__(channels_in, channels_out, side, padding=side // 2)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve `x` (N, C, H, W); the result has the same height and width."""
        with torch.autocast(x.device.type, enabled=False):
            bias = None if self.bias is None else self.bias.float()
            return conv2d(x.float(), self.weight.float(), bias, padding=self.padding)


class LastDeconv(nn.ConvTranspose2d):
    """A transposed convolution that enlarges by its stride, in float32 as `LastConv`."""

    def __init__(self, channels_in: int, channels_out: int, side: int, scale: int) -> None:
        """`side` must be odd, so that the kernel has a middle."""
        padding = side // 2
        left_over = scale - side + 2 * padding
        super().__init__(channels_in, channels_out, side, scale, padding, output_padding=left_over)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: ARG002
        """Enlarge `x` (N, C, H, W) to (N, channels_out, scale × H, scale × W)."""
        with torch.autocast(x.device.type, enabled=False):
            return conv_transpose2d(
                x.float(),
                self.weight.float(),
                None if self.bias is None else self.bias.float(),
                self.stride,
                cast("tuple[int, int]", self.padding),
                self.output_padding,
            )


class Skip(nn.Module):
    """x + share × body(x)."""

    def __init__(self, *body: nn.Module, share: float = 1.0) -> None:
        super().__init__()
        self.body = nn.Sequential(*body)
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x`."""
        added = self.body(x)
        return cast("Tensor", x + (added if self.share == 1.0 else added * self.share))


def plain_block(channels: int, share: float = 1.0) -> Skip:
    """Two convolutions with a ReLU between, and a skip (Lim et al. 2017, figure 2c)."""
    return Skip(conv(channels, channels), nn.ReLU(), conv(channels, channels), share=share)


def shuffled(
    channels: int, scale: int, activation: Callable[[], nn.Module] | None = None
) -> nn.Sequential:
    """Enlarge by pixel shuffles, ×2 each (Shi et al. 2016)."""
    steps: list[nn.Module] = []
    for _ in range(scale.bit_length() - 1):
        steps += [conv(channels, 4 * channels), nn.PixelShuffle(2)]
        steps += [] if activation is None else [activation()]
    return nn.Sequential(*steps)
