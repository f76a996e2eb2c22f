"""VDSR: twenty convolutions that make the difference to interpolation.

J. Kim, J. K. Lee, K. M. Lee, "Accurate image super-resolution using very deep convolutional
networks", CVPR 2016. Depth, and a skip around all of it.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, conv


class VDSR(nn.Module):
    """(N, 1, H, W), interpolated before, to the difference that it lacks, of the same size."""

    def __init__(self, channels: int = 64, depth: int = 20) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv(1, channels), nn.ReLU()]
        for _ in range(depth - 2):
            layers += [conv(channels, channels), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.last = LastConv(channels, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.bias is not None:
                nn.init.kaiming_normal_(module.weight)
                nn.init.zeros_(module.bias)
        # Small, so that training begins at interpolation.
        self.last.weight.data.mul_(0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Make what is to be added to the interpolated luminance."""
        return cast("Tensor", self.last(self.body(x - 0.5)))
