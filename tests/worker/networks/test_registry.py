"""Every registered network keeps the promises of its descriptor."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from worker.networks.descriptor import NetworkDescriptor
from worker.networks.plain import PlainNetwork, interpolate_bicubic
from worker.networks.registry import (
    CHANNELS,
    NETWORKS,
    build_for_training,
    choose,
    labels,
    named,
    register,
    selectable,
)
from worker.networks.weights import trained

NAMES = ["plain-m-x2", "plain-m-x4", "plain-s-x2", "plain-s-x4"]
EVERY_NETWORK = pytest.mark.parametrize("name", NAMES)


HALF = torch.tensor([0.5])


def descriptor_of(name: str) -> NetworkDescriptor:
    return NETWORKS[name]


def test_every_network_has_its_test_row() -> None:
    assert sorted(NETWORKS) == NAMES


@EVERY_NETWORK
def test_the_count_of_parameters_is_true(name: str) -> None:
    network = descriptor_of(name).build()
    assert sum(weight.numel() for weight in network.parameters()) == descriptor_of(name).parameters


@EVERY_NETWORK
def test_the_reach_is_true(name: str) -> None:
    """A pixel just within reach changes the middle's output, one just outside does not.

    Random weights that are large enough that nothing of the reach is lost in rounding.
    """
    descriptor = descriptor_of(name)
    torch.manual_seed(3)
    network = descriptor.build().double()
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.08)
    for part, weight in network.named_parameters():
        if part.startswith("gates.") and part.endswith("2.weight"):
            # A gate that is wide open or shut shows nothing of its reach.
            torch.nn.init.normal_(weight, std=1e-5)
    reach_px, scale = descriptor.reach_px, descriptor.scale
    assert reach_px is not None
    side_px = 2 * reach_px + 3
    middle_px = side_px // 2
    x = torch.rand(1, 3, side_px, side_px, dtype=torch.float64)
    inside, outside = x.clone(), x.clone()
    inside[:, :, middle_px, middle_px - reach_px] += 0.5
    outside[:, :, middle_px, middle_px - reach_px - 1] += 0.5
    rows = slice(middle_px * scale, (middle_px + 1) * scale)
    with torch.inference_mode():
        plain, near, far = (
            network(one, HALF.double())[:, :, rows, rows] for one in (x, inside, outside)
        )
    assert not torch.equal(plain, near)
    assert torch.equal(plain, far)


@EVERY_NETWORK
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 3), (16, 9)])
def test_any_size_comes_out_scaled(name: str, size: tuple[int, int]) -> None:
    descriptor = descriptor_of(name)
    with torch.inference_mode():
        out = trained(descriptor)(torch.rand(2, 3, *size), torch.tensor([0.0, 0.4]))
    assert out.shape == (2, 3, size[0] * descriptor.scale, size[1] * descriptor.scale)
    assert out.dtype == torch.float32


@EVERY_NETWORK
def test_an_untrained_network_starts_near_bicubic(name: str) -> None:
    x = torch.rand(1, 3, 12, 12)
    with torch.inference_mode():
        difference = descriptor_of(name).build()(x, HALF) - interpolate_bicubic(
            x, descriptor_of(name).scale
        )
    assert float(difference.abs().max()) < 0.1


@pytest.mark.parametrize("scale", [2, 4])
def test_small_pictures_get_the_larger_network_and_large_ones_the_smaller(scale: int) -> None:
    sides_px = {1: "m", 256: "m", 257: "s", 8000: "s"}
    assert {side: choose(side, side, scale).name for side in sides_px} == {
        side: f"plain-{tier}-x{scale}" for side, tier in sides_px.items()
    }


@EVERY_NETWORK
def test_a_network_heeds_how_the_file_was_compressed(name: str) -> None:
    torch.manual_seed(6)
    x = interpolate_bicubic(torch.rand(1, 3, 8, 8), 4)
    with torch.inference_mode():
        clean, compressed = trained(descriptor_of(name))(
            x.expand(2, -1, -1, -1), torch.tensor([0.0, 0.8])
        )
    assert float((clean - compressed).abs().max()) > 1 / 255


@pytest.mark.parametrize("scale", [2, 4])
def test_a_network_built_for_use_is_its_exit_of_the_trained_body(scale: int) -> None:
    torch.manual_seed(5)
    whole = build_for_training()
    x = torch.rand(2, 3, 11, 9)
    compression = torch.tensor([0.0, 0.5])
    with torch.inference_mode():
        for one, expected in whole.enlarge(x, compression, scale):
            network = PlainNetwork(channels=CHANNELS, exits=[one])
            kept = whole.state_dict()
            network.load_state_dict({key: kept[key] for key in network.state_dict()})
            torch.testing.assert_close(network(x, compression), expected)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(LookupError, match="×3"):
        choose(160, 160, 3)


def test_the_registry_needs_no_torch() -> None:
    code = "import sys, worker.networks.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def other(name: str) -> NetworkDescriptor:
    return replace(NETWORKS["plain-s-x4"], name=name)


def test_a_registered_network_is_found_by_name_and_never_chosen() -> None:
    register([other("of-others-x4")])
    assert named("of-others", 4).name == "of-others-x4"
    assert named("of-others", 2).name == "of-others-x4"
    assert "of-others" in selectable()
    assert not any("of-others" in label for label in labels())
    assert {choose(side, side, 4).name for side in (1, 64, 512)} == {"plain-m-x4", "plain-s-x4"}


def test_our_own_networks_have_names_too_and_cannot_be_replaced() -> None:
    assert named("plain-m", 2).name == "plain-m-x2"
    with pytest.raises(ValueError, match="Crispdeck's own"):
        register([other("plain-m-x4")])


def test_an_unknown_name_is_refused_and_the_known_ones_are_told() -> None:
    with pytest.raises(LookupError, match="plain-m, plain-s"):
        named("nobody", 4)
