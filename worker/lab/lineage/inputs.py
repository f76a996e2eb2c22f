"""What a paper's network is fed and what becomes of what it makes.

Each paper takes a picture of its own kind: luminance or RGB, interpolated before or not. Around its
network stands one of these, so that the runner feeds all of them alike: RGB in 0..1 and how it was
compressed in, enlarged RGB out. None of the papers' networks knows of compression.
"""

from typing import cast

import torch
from torch import Tensor, nn

from worker.networks.plain import interpolate_bicubic

LUMA_WEIGHTS = (0.299, 0.587, 0.114)
"""BT.601 in full range: the same differences as the studio range that figures are counted in."""


def luma(x: Tensor) -> Tensor:
    """(N, 3, H, W) to (N, 1, H, W)."""
    weights = torch.tensor(LUMA_WEIGHTS, device=x.device, dtype=x.dtype).view(1, 3, 1, 1)
    return (x * weights).sum(dim=1, keepdim=True)


class Fed(nn.Module):
    """A paper's network with what it is fed around it.

    Args:
        body: the network; it runs in the dtype of its own weights.
        scale: by how much the whole enlarges.
        luminance: it takes one plane and not three; colour then stays that of interpolation.
        before: it takes the picture interpolated to its full size.
        adds: what it makes is added to interpolation.
    """

    def __init__(
        self, body: nn.Module, *, scale: int, luminance: bool, before: bool, adds: bool
    ) -> None:
        super().__init__()
        self.body = body
        self._scale = scale
        self._luminance = luminance
        self._before = before
        self._adds = adds

    def forward(self, x: Tensor, compression: Tensor) -> Tensor:  # noqa: ARG002 - none heeds it
        """Enlarge.

        Args:
            x: (N, 3, h, w) float32 in 0..1.
            compression: (N), of no effect.

        Returns:
            (N, 3, scale × h, scale × w) float32, not clipped.
        """
        plain = interpolate_bicubic(x, self._scale)
        given = plain if self._before else x
        base = luma(plain) if self._luminance else plain
        made = self._made(luma(given) if self._luminance else given)
        if self._adds:
            made = base + made
        # The difference of luminance on all three channels alike leaves both colour planes alone.
        return plain + (made - base) if self._luminance else made

    def _made(self, given: Tensor) -> Tensor:
        dtype = next(self.body.parameters()).dtype
        fed = given.to(dtype, memory_format=torch.channels_last)
        return cast("Tensor", self.body(fed)).to(given.dtype)
