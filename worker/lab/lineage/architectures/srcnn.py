"""SRCNN: three convolutions on the interpolated luminance.

C. Dong, C. C. Loy, K. He, X. Tang, "Image super-resolution using deep convolutional networks", IEEE
TPAMI 38(2), 2016 (first: ECCV 2014). The 9-5-5 of its section 4.3.2: patch extraction, non-linear
mapping, reconstruction.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastConv, conv


class SRCNN(nn.Module):
    """(N, 1, H, W), interpolated before, to the same size."""

    def __init__(self, channels: tuple[int, int] = (64, 32), sides: tuple[int, int] = (5, 5)):
        super().__init__()
        self.extract = conv(1, channels[0], 9)
        self.map = conv(*channels, sides[0])
        self.rebuild = LastConv(channels[1], 1, sides[1])

    def forward(self, x: Tensor) -> Tensor:
        """Make the sharp luminance of the interpolated one."""
        body = self.map(self.extract(x).relu()).relu()
        return cast("Tensor", self.rebuild(body))
