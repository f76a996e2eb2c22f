"""CrossNet: the reference is warped onto the picture by a flow that a network estimates.

H. Zheng, M. Ji, H. Wang, Y. Liu, L. Fang, "CrossNet: an end-to-end reference-based super-resolution
network using cross-scale warping", ECCV 2018: for pictures of one scene from nearly one place.
FlowNetS-like estimation, one encoder for both, warping at four sizes, a U-Net that fuses. A
reconstruction in narrower layers: the published network has 33.6 million parameters, nearly all
in its flow. The picture goes in interpolated; theirs was enlarged by MDSR first.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import grid_sample, interpolate, pad

from worker.lab.lineage.architectures.layers import LastConv
from worker.lab.lineage.references.referenced import Referenced

MULTIPLE_PX = 32  # sides are padded to it: the flow halves five times
SIZES = 4  # at which features are warped: whole, half, quarter, eighth


class FlowNetwork(nn.Module):
    """Where each pixel of the picture lies in the reference, in pixels, at SIZES sizes."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [width * times for times in (1, 2, 4, 8, 8)]
        sides = (7, 5, 5, 3, 3)
        before = [6, *widths[:-1]]
        self.down = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, side, 2, side // 2), nn.LeakyReLU(0.1))
            for a, b, side in zip(before, widths, sides, strict=True)
        )
        self.up = nn.ModuleList()
        self.flows = nn.ModuleList()
        channels = widths[-1]
        for skipped in (*reversed(widths[:-1]), 0):
            self.up.append(
                nn.Sequential(
                    nn.ConvTranspose2d(channels, skipped or width, 4, 2, 1), nn.LeakyReLU(0.1)
                )
            )
            channels = (skipped or width) + skipped
            self.flows.append(_zero_flow(channels))

    def forward(self, x: Tensor) -> list[Tensor]:
        """Estimate from (N, 6, H, W): (N, 2, H / s, W / s) for s of 8, 4, 2 and 1."""
        kept = [x]
        for layer in self.down:
            kept.append(layer(kept[-1]))
        body, found = kept[-1], []
        skips = [*reversed(kept[1:-1]), None]
        for layer, flow, skipped in zip(self.up, self.flows, skips, strict=True):
            body = layer(body)
            body = body if skipped is None else torch.cat([body, skipped], dim=1)
            found.append(flow(body))
        return found[-SIZES:]


def _zero_flow(channels: int) -> nn.Conv2d:
    layer = nn.Conv2d(channels, 2, 3, 1, 1)
    nn.init.zeros_(layer.weight)  # it begins with the reference where it lies
    nn.init.zeros_(cast("Tensor", layer.bias))
    return layer


def warped(x: Tensor, flow: Tensor) -> Tensor:
    """Fetch `x` (N, C, H, W) from where `flow` (N, 2, H, W; across, down, in pixels) points."""
    height, width = x.shape[2:]
    rows = torch.arange(height, device=x.device, dtype=torch.float32).view(1, -1, 1)
    columns = torch.arange(width, device=x.device, dtype=torch.float32).view(1, 1, -1)
    across = (2 * (columns + flow[:, 0].float()) + 1) / width - 1
    down = (2 * (rows + flow[:, 1].float()) + 1) / height - 1
    grid = torch.stack([across.expand_as(down), down.expand_as(across)], dim=-1)
    fetched = grid_sample(x.float(), grid, padding_mode="border", align_corners=False)
    return fetched.to(x.dtype)


class _Encoder(nn.Module):
    """Five convolutions with SELU: features at four sizes, the finest first."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, channels, 5, stride, 2), nn.SELU())
            for before, stride in (
                (3, 1),
                (channels, 1),
                (channels, 2),
                (channels, 2),
                (channels, 2),
            )
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        found = [self.layers[0](x)]
        for layer in list(self.layers)[1:]:
            found.append(layer(found[-1]))
        return found[1:]


class CrossNet(Referenced):
    """See `Referenced`; the reference is brought to the picture's size."""

    def __init__(self, channels: int = 64, flow: int = 64) -> None:
        super().__init__()
        self.flow = FlowNetwork(flow)
        self.encoder = _Encoder(channels)
        self.up = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(channels * (2 if number == 0 else 3), channels, 4, 2, 1),
                nn.SELU(),
            )
            for number in range(SIZES - 1)
        )
        self.fuse = nn.Sequential(
            nn.Conv2d(3 * channels, channels, 5, 1, 2),
            nn.SELU(),
            nn.Conv2d(channels, channels, 5, 1, 2),
            nn.SELU(),
        )
        self.last = LastConv(channels, 3, 5)
        # Small, so that training begins at interpolation.
        self.last.weight.data.mul_(0.01)

    def enlarge(self, x: Tensor, plain: Tensor, reference: Tensor) -> Tensor:  # noqa: ARG002
        """Make the large picture."""
        height, width = plain.shape[2:]
        beside = interpolate(reference, size=(height, width), mode="bicubic", antialias=True)
        here, there = (_padded(one) for one in (plain, beside))
        flows = self.flow(torch.cat([here, there], dim=1) - 0.5)
        ours = self.encoder(here - 0.5)
        theirs = [
            warped(one, flow)
            for one, flow in zip(self.encoder(there - 0.5), reversed(flows), strict=True)
        ]
        body = torch.cat([ours[-1], theirs[-1]], dim=1)
        for layer, one, other in zip(
            self.up, reversed(ours[:-1]), reversed(theirs[:-1]), strict=True
        ):
            body = torch.cat([layer(body), one, other], dim=1)
        made = cast("Tensor", self.last(self.fuse(body)))
        return plain + made[:, :, :height, :width]


def _padded(x: Tensor) -> Tensor:
    """Continue the outermost pixels until both sides are multiples of MULTIPLE_PX."""
    down, across = (-side % MULTIPLE_PX for side in x.shape[2:])
    return pad(x, (0, across, 0, down), mode="replicate")
