"""The plain residual network: 3×3 convolutions in low-resolution space only; no weights, no tiles.

The shape is that of the fastest networks per quality on a CPU: no layer ever works on enlarged
pixels, no layer looks at the whole picture. The result is plain bicubic interpolation (fp32, the
operator of Pillow) plus a residual from the body, which may run in bf16.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle, relu


class _PadByRepeating(torch.autograd.Function):
    """Repeat the outermost pixels once; keeps channels_last, which torch's own backward loses.

    A training step takes two thirds of the time with it.
    """

    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        out = torch.empty(
            (n, c, h + 2, w + 2),
            dtype=x.dtype,
            device=x.device,
            memory_format=torch.channels_last,
        )
        out[:, :, 1:-1, 1:-1] = x
        out[:, :, 1:-1, 0] = x[:, :, :, 0]
        out[:, :, 1:-1, -1] = x[:, :, :, -1]
        out[:, :, 0] = out[:, :, 1]
        out[:, :, -1] = out[:, :, -2]
        return out

    @staticmethod
    def backward(_ctx: Any, *grads: Tensor) -> Tensor:
        (grad,) = grads
        rows = grad[:, :, 1:-1].clone(memory_format=torch.channels_last)
        rows[:, :, 0] += grad[:, :, 0]
        rows[:, :, -1] += grad[:, :, -1]
        out = rows[:, :, :, 1:-1].clone(memory_format=torch.channels_last)
        out[:, :, :, 0] += rows[:, :, :, 0]
        out[:, :, :, -1] += rows[:, :, :, -1]
        return out


class Conv3x3(nn.Conv2d):
    """A 3×3 convolution that continues the picture by its edge pixels instead of zeros."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve `x` (N, C, H, W); the result has the same height and width."""
        return super().forward(cast("Tensor", _PadByRepeating.apply(x)))  # type: ignore[no-untyped-call]


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x)))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Conv3x3(channels, channels)
        self.second = Conv3x3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x` (N, C, H, W)."""
        return x + cast("Tensor", self.second(relu(self.first(x), inplace=True)))


def interpolate_bicubic(x: Tensor, scale: int) -> Tensor:
    """Enlarge `x` (N, C, H, W) as Pillow's BICUBIC does.

    antialias=True is what makes torch use Pillow's kernel (a = -0.5) and Pillow's borders.
    """
    return interpolate(x, scale_factor=scale, mode="bicubic", antialias=True)


class PlainNetwork(nn.Module):
    """RGB in 0..1 in, RGB enlarged by `scale` out (not clipped).

    One convolution reaches one pixel far, so the reach is 2 + 2 × blocks low-resolution pixels;
    the bicubic skip's two pixels lie within it.
    """

    def __init__(self, *, scale: int, channels: int, blocks: int) -> None:
        super().__init__()
        self.scale = scale
        self.head = Conv3x3(3, channels)
        self.blocks = nn.Sequential(*(ResidualBlock(channels) for _ in range(blocks)))
        self.tail = Conv3x3(channels, 3 * scale * scale)
        self._start_as_bicubic()

    def _start_as_bicubic(self) -> None:
        """Begin near the identity: training starts at bicubic and only ever adds detail."""
        for block in self.blocks:
            nn.init.kaiming_normal_(cast("ResidualBlock", block).first.weight)
            cast("ResidualBlock", block).second.weight.data.mul_(0.1)
        nn.init.normal_(self.tail.weight, std=1e-3)
        for module in self.modules():
            if isinstance(module, Conv3x3) and module.bias is not None:
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge `x` (N, 3, H, W) float32; the body runs in the dtype of its own weights."""
        body = self.head((x - 0.5).to(self.head.weight.dtype, memory_format=torch.channels_last))
        residual = pixel_shuffle(self.tail(self.blocks(body)), self.scale)
        return interpolate_bicubic(x, self.scale) + residual.float()
