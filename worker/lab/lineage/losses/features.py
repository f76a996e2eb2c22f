"""The feature loss: what a network that names things sees in two pictures.

J. Johnson, A. Alahi, L. Fei-Fei, "Perceptual losses for real-time style transfer and
super-resolution", ECCV 2016. Theirs sees with VGG-16, whose weights cannot be had here; ours with
the first blocks of EfficientNet-lite0.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from worker.lab.lineage.architectures.efficientnet import FeatureNetwork

DEPTH = 1
"""Which of TAKEN the feature loss compares, as relu2_2 in the paper."""
PIXEL_SHARE = 0.1
"""Of squared differences of pixels beside: the first strides see no pixel alone, and without them a
grid stays. A guess; the paper has total variation instead."""


class Seeing(nn.Module):
    """A loss with a feature network, which is no part of what it keeps."""

    def __init__(self, features: FeatureNetwork) -> None:
        super().__init__()
        # In a tuple: what does not learn is in no checkpoint.
        self._seen = (features,)

    def see(self, x: Tensor) -> Sequence[Tensor]:
        """Give the features of (N, 3, H, W) in 0..1."""
        found: Sequence[Tensor] = self._seen[0](x)
        return found


class Feature(Seeing):
    """Squared differences of features."""

    def forward(self, enlarged: Tensor, sharp: Tensor, small: Tensor) -> Tensor:  # noqa: ARG002
        """Compare (N, 3, H, W) in 0..1."""
        with torch.no_grad():
            wanted = self.see(sharp)[DEPTH]
        return mse_loss(self.see(enlarged)[DEPTH], wanted) + PIXEL_SHARE * mse_loss(enlarged, sharp)
