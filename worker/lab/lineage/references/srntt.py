"""SRNTT: textures of the reference, found by fixed features and carried over at three sizes.

Z. Zhang, Z. Wang, Z. Lin, H. Qi, "Image super-resolution by neural texture transfer", CVPR 2019:
content by a residual network, textures swapped at three sizes of VGG-19, each merged by residual
blocks. A reconstruction: it sees with EfficientNet-lite0 in place of VGG (on the picture enlarged
twice, so that its first strides give the same three sizes), and all of it learns at once.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from worker.lab.lineage.architectures.efficientnet import FeatureNetwork
from worker.lab.lineage.architectures.layers import LastConv, Skip, conv, plain_block
from worker.lab.lineage.references.referenced import Referenced, degraded
from worker.lab.lineage.references.search import best_matches, transfer

TEXTURES = (40, 24, 16)
"""Channels of the feature network at a quarter, a half and the whole of the size."""


class SRNTT(Referenced):
    """See `Referenced`; `blocks` are those of the content and of each of the three sizes."""

    def __init__(self, channels: int = 64, blocks: tuple[int, ...] = (16, 16, 8, 4)) -> None:
        super().__init__()
        self.features = FeatureNetwork().eval().requires_grad_(False)
        self.content = nn.Sequential(
            conv(3, channels),
            nn.ReLU(),
            Skip(*(plain_block(channels) for _ in range(blocks[0])), conv(channels, channels)),
        )
        self.merges = nn.ModuleList(conv(channels + found, channels) for found in TEXTURES)
        self.stages = nn.ModuleList(
            nn.Sequential(*(plain_block(channels) for _ in range(count)), conv(channels, channels))
            for count in blocks[1:]
        )
        self.enlarge_by_two = nn.ModuleList(
            nn.Sequential(conv(channels, 4 * channels), nn.PixelShuffle(2), nn.ReLU())
            for _ in range(2)
        )
        self.tail = conv(channels, channels // 2)
        self.last = LastConv(channels // 2, 3, 1)

    def train(self, mode: bool = True) -> "SRNTT":
        """Leave the feature network as it is: it does not learn."""
        super().train(mode)
        self.features.eval()
        return self

    def enlarge(self, x: Tensor, plain: Tensor, reference: Tensor) -> Tensor:
        """Make the large picture."""
        with torch.no_grad():
            index, score = best_matches(self._seen(plain)[0], self._seen(degraded(reference))[0])
            values = self._seen(reference)
            found = [
                transfer(value, index, scale) * interpolate(score, scale_factor=float(scale))
                for value, scale in zip(values, (1, 2, 4), strict=True)
            ]
        body = cast("Tensor", self.content(x - 0.5))
        for number, (merge, stage) in enumerate(zip(self.merges, self.stages, strict=True)):
            if number:
                body = self.enlarge_by_two[number - 1](body)
            body = body + stage(merge(torch.cat([body, found[number]], dim=1)).relu())
        return cast("Tensor", self.last(self.tail(body).relu())) + 0.5

    def _seen(self, x: Tensor) -> list[Tensor]:
        """Features at a quarter, a half and the whole of the size."""
        twice = interpolate(x, scale_factor=2.0, mode="bilinear")
        return list(reversed(self.features(twice)))
