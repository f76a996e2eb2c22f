"""Differences of pixels: squared until 2016, absolute since (Zhao et al. 2017, Lim et al. 2017)."""

from torch import Tensor, nn
from torch.nn.functional import l1_loss, mse_loss


class Squares(nn.Module):
    """The mean squared difference: its best answer is the mean of all that may be."""

    def forward(self, enlarged: Tensor, sharp: Tensor, small: Tensor) -> Tensor:  # noqa: ARG002
        """Compare (N, 3, H, W) in 0..1."""
        return mse_loss(enlarged, sharp)


class Absolute(nn.Module):
    """The mean absolute difference: its best answer is the median, which is crisper."""

    def forward(self, enlarged: Tensor, sharp: Tensor, small: Tensor) -> Tensor:  # noqa: ARG002
        """Compare (N, 3, H, W) in 0..1."""
        return l1_loss(enlarged, sharp)
