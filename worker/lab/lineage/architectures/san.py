"""SAN: attention to channels by their covariance, and a non-local look within each quarter.

T. Dai et al., "Second-order attention network for single image super-resolution", CVPR 2019. Twenty
groups of ten blocks, each group with the shared source added; covariance pooling with
Newton-Schulz's square root (P. Li et al., CVPR 2018), before and after the groups a non-local block
in each quarter of the picture. All of that looks at whole pictures: tiling is refused.
"""

from typing import cast

import torch
from torch import Tensor, nn

from worker.lab.lineage.architectures.layers import (
    LastConv,
    Skip,
    channel_weights,
    conv,
    plain_block,
    shuffled,
)

ITERATIONS = 5
"""Of Newton-Schulz, as in the paper."""
ROWS_AT_ONCE = 1024
"""Pixels of a quarter that are compared with all others of it at once: bounds the memory."""


class SecondOrderAttention(nn.Module):
    """Weigh channels by the root of their covariance; computes in float32."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        self.weigh = channel_weights(channels, reduction)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x` (N, C, H, W)."""
        with torch.autocast(x.device.type, enabled=False):
            statistic = _root(_covariance(x.float())).mean(dim=2)
        weights = self.weigh(statistic[:, :, None, None].to(x.dtype))
        return cast("Tensor", x * weights)


def _covariance(x: Tensor) -> Tensor:
    """(N, C, H, W) to (N, C, C)."""
    flat = x.flatten(2)
    flat = flat - flat.mean(dim=2, keepdim=True)
    return flat @ flat.mT / flat.shape[2]


def _root(covariance: Tensor) -> Tensor:
    """Take the square root of each matrix (N, C, C) by Newton-Schulz, of trace 1 at first."""
    identity = torch.eye(covariance.shape[1], device=covariance.device).expand_as(covariance)
    # Flat pictures have no covariance: the trace must not be zero.
    trace = covariance.diagonal(dim1=1, dim2=2).sum(dim=1).clamp_min(1e-6)[:, None, None]
    y, z = covariance / trace, identity
    for _ in range(ITERATIONS):
        step = (3 * identity - z @ y) / 2
        y, z = y @ step, step @ z
    return y * trace.sqrt()


class RegionNonLocal(nn.Module):
    """Add to every pixel a mean of all of its quarter, weighed by likeness (Wang et al. 2018)."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.ask, self.answer = conv(channels, inner, 1), conv(channels, inner, 1)
        self.value, self.back = conv(channels, inner, 1), conv(inner, channels, 1)
        # It begins by changing nothing.
        nn.init.zeros_(self.back.weight)
        nn.init.zeros_(cast("Tensor", self.back.bias))

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape of `x` (N, C, H, W)."""
        rows = [part for part in x.tensor_split(2, dim=2) if part.shape[2]]
        return torch.cat(
            [
                torch.cat(
                    [self._within(part) for part in row.tensor_split(2, dim=3) if part.shape[3]], 3
                )
                for row in rows
            ],
            2,
        )

    def _within(self, x: Tensor) -> Tensor:
        ask, answer, value = (each(x).flatten(2) for each in (self.ask, self.answer, self.value))
        found = [
            torch.softmax((part.mT @ answer).float(), dim=2).to(x.dtype) @ value.mT
            for part in ask.split(ROWS_AT_ONCE, dim=2)
        ]
        mean = torch.cat(found, dim=1).mT.reshape(x.shape[0], -1, *x.shape[2:])
        return x + cast("Tensor", self.back(mean))


class SAN(nn.Module):
    """(N, 3, h, w) to (N, 3, scale × h, scale × w)."""

    def __init__(
        self,
        channels: int = 64,
        groups: int = 20,
        blocks: int = 10,
        reduction: int = 16,
        scale: int = 4,
    ) -> None:
        super().__init__()
        self.head = conv(3, channels)
        self.before, self.after = (RegionNonLocal(channels, channels // 8) for _ in range(2))
        self.groups = nn.ModuleList(
            Skip(
                *(plain_block(channels) for _ in range(blocks)),
                SecondOrderAttention(channels, reduction),
                conv(channels, channels),
            )
            for _ in range(groups)
        )
        self.shared = nn.Parameter(torch.zeros(1))
        self.enlarge = shuffled(channels, scale)
        self.last = LastConv(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Make the large picture."""
        shallow = self.head(x - 0.5)
        source = self.before(shallow)
        body = source
        for group in self.groups:
            body = group(body) + self.shared * source
        body = self.after(body) + shallow
        return cast("Tensor", self.last(self.enlarge(body))) + 0.5
