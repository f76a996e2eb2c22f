"""Losses that see: zero for equal pictures, more for blurred ones; what they see with is fixed."""

import pytest
import torch
from torch import Tensor, nn

from crispdeck.errors import BadInputError
from worker.lab.lineage.architectures import efficientnet
from worker.lab.lineage.architectures.efficientnet import FeatureNetwork, pretrained
from worker.lab.lineage.losses import loss_for
from worker.lab.lineage.losses.features import Feature
from worker.lab.lineage.losses.texture import Texture
from worker.networks.plain import interpolate_bicubic


@pytest.fixture
def features() -> FeatureNetwork:
    torch.manual_seed(3)
    return FeatureNetwork().eval().requires_grad_(False)


@pytest.fixture
def sharp() -> Tensor:
    return torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("kind", [Feature, Texture])
def test_it_is_zero_for_equal_pictures_and_falls_as_they_near(
    kind: type[nn.Module], features: FeatureNetwork, sharp: Tensor
) -> None:
    loss = kind(features)
    blurred = interpolate_bicubic(sharp[:, :, ::4, ::4], 4)
    apart, nearer, none = (
        float(loss(made, sharp, sharp)) for made in (blurred, (blurred + sharp) / 2, sharp)
    )
    assert none == pytest.approx(0, abs=1e-9)
    assert 0 < nearer < apart
    assert loss.state_dict() == {}


def test_its_depths_are_a_half_a_quarter_and_an_eighth(
    features: FeatureNetwork, sharp: Tensor
) -> None:
    assert [tuple(one.shape[1:]) for one in features(sharp)] == [
        (16, 32, 32),
        (24, 16, 16),
        (40, 8, 8),
    ]


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet, "find_spec", lambda _: None)
    with pytest.raises(BadInputError, match=r"crispdeck\[lineage\]"):
        loss_for("feature")


def test_the_packages_weights_fit_and_see_edges(sharp: Tensor) -> None:
    pytest.importorskip(efficientnet.PACKAGE, reason="needs the extra lineage: pip install")
    flat, busy = (pretrained()(one)[0] for one in (torch.full_like(sharp, 0.5), sharp))
    assert float(busy.std()) > 2 * float(flat[..., 4:-4, 4:-4].std(dim=(2, 3)).mean())
