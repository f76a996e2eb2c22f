"""The layers of the plain network against torch's own and Pillow's."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import conv2d, pad

from worker.networks.plain import Conv3x3, interpolate_bicubic


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
