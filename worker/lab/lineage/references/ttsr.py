"""TTSR: textures of the reference, found by attention over learned features.

F. Yang, H. Yang, J. Fu, H. Lu, B. Guo, "Learning texture transformer network for image
super-resolution", CVPR 2020: a learnable texture extractor in VGG-19's shape, hard attention
(the best patch), soft attention (its cosine), and three sizes that exchange what they found.
The extractor begins untrained here, VGG's weights cannot be had; it learns with the rest, as
theirs does. The cosines are gone through in blocks (search.py).
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from worker.lab.lineage.architectures.layers import LastConv, Skip, conv, plain_block
from worker.lab.lineage.references.referenced import Referenced, degraded
from worker.lab.lineage.references.search import best_matches, transfer


class TextureExtractor(nn.Module):
    """VGG-19 until relu3_1, at whole, half and quarter size (Simonyan and Zisserman 2015)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.at_whole = nn.Sequential(conv(3, channels), nn.ReLU())
        self.at_half = nn.Sequential(
            conv(channels, channels),
            nn.ReLU(),
            nn.MaxPool2d(2),
            conv(channels, 2 * channels),
            nn.ReLU(),
        )
        self.at_quarter = nn.Sequential(
            conv(2 * channels, 2 * channels),
            nn.ReLU(),
            nn.MaxPool2d(2),
            conv(2 * channels, 4 * channels),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give the features of (N, 3, H, W), the coarsest first."""
        whole = self.at_whole(x - 0.5)
        half = self.at_half(whole)
        return self.at_quarter(half), half, whole


class _Attended(nn.Module):
    """Add to features what was found in the reference, as surely as it was found."""

    def __init__(self, channels: int, found: int) -> None:
        super().__init__()
        self.merge = conv(channels + found, channels)

    def forward(self, x: Tensor, found: Tensor, score: Tensor) -> Tensor:
        scale = x.shape[2] // score.shape[2]
        sure = interpolate(score, scale_factor=scale, mode="bicubic") if scale > 1 else score
        return x + cast("Tensor", self.merge(torch.cat([x, found], dim=1))) * sure


class _Exchange(nn.Module):
    """Every size gets what the others found (cross-scale feature integration)."""

    def __init__(self, channels: int, sizes: int) -> None:
        super().__init__()
        self.ways = nn.ModuleDict(
            {
                f"{source}-{target}": _resized(channels, target - source)
                for source in range(sizes)
                for target in range(sizes)
                if source != target
            }
        )
        self.merges = nn.ModuleList(conv(sizes * channels, channels) for _ in range(sizes))

    def forward(self, xs: list[Tensor]) -> list[Tensor]:
        return [
            merge(
                torch.cat(
                    [
                        x if source == target else self.ways[f"{source}-{target}"](x)
                        for source, x in enumerate(xs)
                    ],
                    dim=1,
                )
            ).relu()
            for target, merge in enumerate(self.merges)
        ]


def _resized(channels: int, doublings: int) -> nn.Sequential:
    if doublings > 0:
        scale = 2.0**doublings
        return nn.Sequential(
            nn.Upsample(scale_factor=scale, mode="bicubic"), conv(channels, channels, 1), nn.ReLU()
        )
    halving = [nn.Conv2d(channels, channels, 3, 2, 1), nn.ReLU()]
    more = [nn.Conv2d(channels, channels, 3, 2, 1), nn.ReLU()] if doublings < -1 else []
    return nn.Sequential(*halving, *more)


class TTSR(Referenced):
    """See `Referenced`; `blocks` are those of the first look and of each of the three sizes."""

    def __init__(
        self, channels: int = 64, textures: int = 64, blocks: tuple[int, ...] = (16, 16, 8, 4)
    ) -> None:
        super().__init__()
        self.extractor = TextureExtractor(textures)
        self.first = nn.Sequential(conv(3, channels), nn.ReLU())
        self.look = Skip(*_blocks(channels, blocks[0]))
        self.attended = nn.ModuleList(_Attended(channels, textures * times) for times in (4, 2, 1))
        self.enlarge_by_two = nn.ModuleList(
            nn.Sequential(conv(channels, 4 * channels), nn.PixelShuffle(2)) for _ in range(2)
        )
        self.exchanges = nn.ModuleList(_Exchange(channels, sizes) for sizes in (2, 3))
        self.branches = nn.ModuleList(
            nn.ModuleList(Skip(*_blocks(channels, blocks[stage])) for _ in range(stage))
            for stage in (1, 2, 3)
        )
        self.to_last = nn.ModuleList(_resized(channels, doublings) for doublings in (2, 1))
        self.merge = nn.Sequential(conv(3 * channels, channels), nn.ReLU())
        self.tail = nn.Sequential(conv(channels, channels // 2))
        self.last = LastConv(channels // 2, 3, 1)

    def enlarge(self, x: Tensor, plain: Tensor, reference: Tensor) -> Tensor:
        """Make the large picture."""
        query, keys = self.extractor(plain)[0], self.extractor(degraded(reference))[0]
        index, score = best_matches(query, keys)
        values = self.extractor(reference)
        found = [
            transfer(value, index, scale) for value, scale in zip(values, (1, 2, 4), strict=True)
        ]
        sizes = [cast("Tensor", self.look(self.first(x - 0.5)))]
        for stage, attend in enumerate(self.attended):
            if stage:
                doubled = self.enlarge_by_two[stage - 1](sizes[-1])
                sizes.append(doubled.relu() if stage == 1 else doubled)
            sizes[-1] = attend(sizes[-1], found[stage], score)
            if stage:
                sizes = self.exchanges[stage - 1](sizes)
            branches = cast("nn.ModuleList", self.branches[stage])
            sizes = [branch(size) for branch, size in zip(branches, sizes, strict=True)]
        whole = [way(size) for way, size in zip(self.to_last, sizes[:2], strict=True)]
        merged = self.merge(torch.cat([*whole, sizes[2]], dim=1))
        return cast("Tensor", self.last(self.tail(merged))) + 0.5


def _blocks(channels: int, count: int) -> list[nn.Module]:
    return [*(plain_block(channels) for _ in range(count)), conv(channels, channels)]
