"""The texture loss: how features vary together within small patches.

M. S. M. Sajjadi, B. Schölkopf, M. Hirsch, "EnhanceNet", ICCV 2017; Gram matrices are those of
L. Gatys, A. Ecker, M. Bethge, 2015. Patches of 16 × 16 pixels, so that a texture stays in its
place. Beside it the paper's perceptual loss at two depths; its adversarial part is left out
(EnhanceNet-PT).
"""

import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from worker.lab.lineage.losses.features import PIXEL_SHARE, Seeing

PATCH_PX = 16  # side; as in the paper
TEXTURE_SHARE = 0.3
"""Of the texture beside the features: a guess, of like size on crops of the corpus."""


class Texture(Seeing):
    """Features at two depths, and Gram matrices of patches at all."""

    def forward(self, enlarged: Tensor, sharp: Tensor, small: Tensor) -> Tensor:  # noqa: ARG002
        """Compare (N, 3, H, W) in 0..1; sides that are no multiple of 16 lose their rest."""
        with torch.no_grad():
            wanted = self.see(sharp)
        found = self.see(enlarged)
        features = mse_loss(found[1], wanted[1]) + mse_loss(found[2], wanted[2])
        textures = sum(
            (
                mse_loss(grams(one, PATCH_PX >> depth), grams(other, PATCH_PX >> depth))
                for depth, (one, other) in enumerate(zip(found, wanted, strict=True), start=1)
            ),
            torch.zeros(()),
        )
        return features + TEXTURE_SHARE * textures + PIXEL_SHARE * mse_loss(enlarged, sharp)


def grams(features: Tensor, side: int) -> Tensor:
    """Say how channels vary together: (N, C, H, W) to (N, patches, C, C), patches of `side`²."""
    n, channels, height, width = features.shape
    rows, columns = height // side, width // side
    whole = features[:, :, : rows * side, : columns * side]
    patches = whole.reshape(n, channels, rows, side, columns, side).permute(0, 2, 4, 1, 3, 5)
    flat = patches.reshape(n, rows * columns, channels, side * side)
    return flat @ flat.mT / (side * side)
