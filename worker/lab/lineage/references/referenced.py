"""What networks with a reference have in common: what they are fed, and what stands in for none."""

import torch
from torch import Tensor, nn

from worker.networks.plain import interpolate_bicubic

SCALE = 4  # of all of them
LEAST_PX = 16  # side of a picture that can be its own reference: four small pixels when shrunk


class Referenced(nn.Module):
    """A network that also looks at a reference; `enlarge` is what each brings."""

    def forward(self, x: Tensor, compression: Tensor, reference: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """Enlarge ×4.

        Args:
            x: (N, 3, h, w) float32 in 0..1.
            compression: (N), of no effect.
            reference: (N, 3, H, W) in 0..1, sharp, of any size from LEAST_PX on. Without one the
                picture is its own (what TTSR's authors recommend), or, where it is tiny, the
                interpolated one.

        Returns:
            (N, 3, 4 h, 4 w) float32, not clipped.
        """
        plain = interpolate_bicubic(x, SCALE)
        if reference is None:
            reference = x if min(x.shape[2:]) >= LEAST_PX else plain
        height, width = (side // SCALE * SCALE for side in reference.shape[2:])
        return self.enlarge(x, plain, reference[:, :, :height, :width]).float()

    def enlarge(self, x: Tensor, plain: Tensor, reference: Tensor) -> Tensor:
        """Make the large picture; `reference` has sides that are multiples of 4."""
        raise NotImplementedError


def degraded(reference: Tensor) -> Tensor:
    """Shrink by four and enlarge again: as blurred as the interpolated picture."""
    size = [side // SCALE for side in reference.shape[2:]]
    small = nn.functional.interpolate(reference, size=size, mode="bicubic", antialias=True)
    with torch.autocast(reference.device.type, enabled=False):
        return interpolate_bicubic(small, SCALE)
