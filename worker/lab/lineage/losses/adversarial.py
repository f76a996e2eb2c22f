"""The adversarial loss: a second network learns to tell what was made from what is sharp.

C. Ledig et al., "Photo-realistic single image super-resolution using a generative adversarial
network", CVPR 2017: features, and a thousandth of the judge's doubt. The judge is theirs (eight
convolutions, strides on every second, LeakyReLU 0.2, two dense layers) in half the channels, with
a mean over the picture before the dense layers, so that crops may have any size.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as doubt

from worker.lab.lineage.architectures.efficientnet import FeatureNetwork
from worker.lab.lineage.losses.features import Feature

JUDGE_CHANNELS = 32  # of its first layers; 64 in the paper, too slow for two cores
JUDGE_RATE = 1e-4  # of Adam; Ledig et al. 2017
ADVERSARIAL_SHARE = 1e-3  # Ledig et al. 2017


class Judge(nn.Sequential):
    """Says how surely a picture (N, 3, H, W) in 0..1 is a sharp one: (N, 1), before the sigmoid."""

    def __init__(self, channels: int = JUDGE_CHANNELS) -> None:
        layers: list[nn.Module] = [nn.Conv2d(3, channels, 3, 1, 1), nn.LeakyReLU(0.2)]
        before = channels
        for number in range(1, 8):
            after, stride = channels << (number // 2), 2 if number % 2 else 1
            layers += [
                nn.Conv2d(before, after, 3, stride, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.LeakyReLU(0.2),
            ]
            before = after
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 2 * before)]
        super().__init__(*layers, nn.LeakyReLU(0.2), nn.Linear(2 * before, 1))


class Adversarial(nn.Module):
    """The feature loss, and what the judge can tell; the judge learns with every call."""

    def __init__(self, features: FeatureNetwork, channels: int = JUDGE_CHANNELS) -> None:
        super().__init__()
        self.content = Feature(features)
        self.judge = Judge(channels)
        self._optimizer = torch.optim.Adam(self.judge.parameters(), lr=JUDGE_RATE)

    def forward(self, enlarged: Tensor, sharp: Tensor, small: Tensor) -> Tensor:
        """Compare (N, 3, H, W) in 0..1."""
        self._learn(enlarged.detach(), sharp)
        self.judge.requires_grad_(False)
        told = cast("Tensor", self.judge(enlarged))
        self.judge.requires_grad_(True)
        content = cast("Tensor", self.content(enlarged, sharp, small))
        return content + ADVERSARIAL_SHARE * doubt(told, torch.ones_like(told))

    def _learn(self, made: Tensor, sharp: Tensor) -> None:
        real, false = (cast("Tensor", self.judge(one)) for one in (sharp, made))
        loss = doubt(real, torch.ones_like(real)) + doubt(false, torch.zeros_like(false))
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()

    def get_extra_state(self) -> dict[str, Any]:
        """Keep the judge's optimizer in checkpoints too."""
        return self._optimizer.state_dict()

    def set_extra_state(self, state: dict[str, Any]) -> None:
        """Take it up again."""
        self._optimizer.load_state_dict(state)
