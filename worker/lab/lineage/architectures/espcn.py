"""ESPCN: the sub-pixel convolution, all work in small space.

W. Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
convolutional neural network", CVPR 2016. Layers 5-3-3 with tanh, then the pixel shuffle.
"""

from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle

from worker.lab.lineage.architectures.layers import LastConv, conv


class ESPCN(nn.Module):
    """(N, 1, h, w) to (N, 1, scale × h, scale × w)."""

    def __init__(self, channels: tuple[int, int] = (64, 32), scale: int = 4) -> None:
        super().__init__()
        self.scale = scale
        self.body = nn.Sequential(conv(1, channels[0], 5), nn.Tanh(), conv(*channels), nn.Tanh())
        self.last = LastConv(channels[1], scale**2)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large luminance of the small one."""
        return pixel_shuffle(self.last(self.body(x)), self.scale)
