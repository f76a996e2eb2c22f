"""The layers of the plain network against torch's own and Pillow's."""

from typing import cast

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import conv2d, pad

from worker.networks.plain import (
    BESIDE_BODY,
    Conv3x3,
    Exit,
    Gate,
    Parts,
    PlainNetwork,
    begin_with,
    interpolate_bicubic,
)


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 2), (6, 7)])
def test_the_convolution_pads_by_repeating_forwards_and_backwards(size: tuple[int, int]) -> None:
    torch.manual_seed(1)
    layer = Conv3x3(3, 4).double()
    x = torch.rand(2, 3, *size, dtype=torch.float64, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    ours = layer(x)
    theirs = conv2d(pad(y, (1, 1, 1, 1), mode="replicate"), layer.weight, layer.bias)
    torch.testing.assert_close(ours, theirs)
    (ours**2).sum().backward()
    (theirs**2).sum().backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(x.grad, y.grad)


@pytest.mark.parametrize("scale", [2, 4])
def test_the_skip_is_pillows_bicubic(scale: int) -> None:
    plane = np.random.default_rng(2).random((9, 13), dtype=np.float32)
    size = (13 * scale, 9 * scale)
    pillow = np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC))
    ours = interpolate_bicubic(torch.from_numpy(plane)[None, None], scale)[0, 0]
    np.testing.assert_allclose(ours.numpy(), pillow, atol=1e-5)


@pytest.fixture
def network() -> PlainNetwork:
    torch.manual_seed(4)
    exits = [Exit("s", 2, 1), Exit("m", 2, 2), Exit("m", 4, 2)]
    network = PlainNetwork(channels=8, exits=exits)
    for weight in network.tails.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    return network.requires_grad_(requires_grad=False)


def set_gates(network: PlainNetwork, logit: float) -> None:
    for gate in network.gates.values():
        last = cast("Gate", gate)[2]
        torch.nn.init.zeros_(cast("Conv3x3", last).weight)
        torch.nn.init.constant_(cast("torch.Tensor", last.bias), logit)


def leave_out_naturals(network: PlainNetwork) -> None:
    for weight in network.naturals.parameters():
        torch.nn.init.zeros_(weight)


def enlarged(network: PlainNetwork, x: torch.Tensor, scale: int) -> list[torch.Tensor]:
    return [made for _, made in network.enlarge(x, torch.zeros(len(x)), scale)]


@pytest.mark.parametrize("scale", [2, 4])
def test_closed_gates_leave_interpolation_at_every_exit(network: PlainNetwork, scale: int) -> None:
    x = 0.3 + 0.4 * torch.rand(2, 3, 9, 7)  # no white or black ground
    leave_out_naturals(network)
    set_gates(network, -60)
    for made in enlarged(network, x, scale):
        torch.testing.assert_close(made, interpolate_bicubic(x, scale))


@pytest.mark.parametrize("scale", [2, 4])
def test_a_half_open_gate_takes_half_of_the_residual(network: PlainNetwork, scale: int) -> None:
    x = 0.3 + 0.4 * torch.rand(2, 3, 9, 7)  # no white or black ground
    leave_out_naturals(network)
    plain = interpolate_bicubic(x, scale)
    set_gates(network, 60)
    whole = enlarged(network, x, scale)
    set_gates(network, 0)
    for made, all_of_it in zip(enlarged(network, x, scale), whole, strict=True):
        assert float((all_of_it - plain).abs().max()) > 0.01
        torch.testing.assert_close(made - plain, (all_of_it - plain) / 2, atol=1e-6, rtol=1e-4)


def test_what_a_gate_does_not_take_is_taken_from_what_is_natural() -> None:
    plain, residual, natural = (torch.full((1, 3, 2, 2), value) for value in (0.5, 0.2, -0.1))
    parts = Parts(plain, torch.full((1, 1, 2, 2), 0.25), residual, natural)
    torch.testing.assert_close(parts.enlarged, plain + 0.25 * 0.2 + 0.75 * -0.1)


def test_a_ground_is_white_or_black_though_gates_are_closed() -> None:
    plain = torch.tensor([0.02, 0.02, 0.5, 0.97, 0.97]).view(1, 1, 1, 5)
    residual = torch.tensor([-0.02, 0.02, -0.5, 0.03, -0.5]).view(1, 1, 1, 5)
    parts = Parts(plain, torch.zeros(1, 1, 1, 5), residual, torch.zeros_like(plain))
    assert parts.enlarged.flatten().tolist() == pytest.approx([0, 0.02, 0.5, 1, 0.97])


def test_weights_of_a_body_alone_are_taken_over_and_others_refused(network: PlainNetwork) -> None:
    weights = network.state_dict()
    older = {name: weight for name, weight in weights.items() if not name.startswith(BESIDE_BODY)}
    begin_with(network, older)
    for lacking in ("head.weight", "tails.m-x4.bias"):
        with pytest.raises(ValueError, match="do not fit"):
            begin_with(network, {name: w for name, w in older.items() if name != lacking})
    with pytest.raises(ValueError, match="do not fit"):
        begin_with(network, older | {"tail.weight": torch.zeros(1)})
