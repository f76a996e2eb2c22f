"""FSRCNN: an hourglass in small space and one deconvolution at the end.

C. Dong, C. C. Loy, X. Tang, "Accelerating the super-resolution convolutional neural network",
ECCV 2016. FSRCNN (d = 56, s = 12, m = 4): extraction, shrinking, m mappings, expanding, a 9 × 9
deconvolution.
"""

from typing import cast

from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import LastDeconv, conv


class FSRCNN(nn.Module):
    """(N, 1, h, w) to (N, 1, scale × h, scale × w)."""

    def __init__(self, wide: int = 56, narrow: int = 12, mappings: int = 4, scale: int = 4) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv(1, wide, 5), nn.PReLU(wide)]
        layers += [conv(wide, narrow, 1), nn.PReLU(narrow)]
        for _ in range(mappings):
            layers += [conv(narrow, narrow), nn.PReLU(narrow)]
        layers += [conv(narrow, wide, 1), nn.PReLU(wide)]
        self.body = nn.Sequential(*layers)
        self.enlarge = LastDeconv(wide, 1, 9, scale)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large luminance of the small one."""
        return cast("Tensor", self.enlarge(self.body(x)))
