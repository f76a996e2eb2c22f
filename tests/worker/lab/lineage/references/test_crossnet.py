"""CrossNet begins at interpolation, and its flow points where it says."""

import torch

from worker.lab.lineage.references.crossnet import CrossNet, warped
from worker.networks.plain import interpolate_bicubic


def test_no_flow_leaves_things_where_they_are() -> None:
    x = torch.rand(2, 3, 7, 9)
    torch.testing.assert_close(warped(x, torch.zeros(2, 2, 7, 9)), x, atol=1e-5, rtol=1e-4)


def test_a_flow_fetches_from_where_it_points() -> None:
    x = torch.rand(1, 1, 6, 8)
    flow = torch.zeros(1, 2, 6, 8)
    flow[:, 0], flow[:, 1] = 2, 1
    torch.testing.assert_close(warped(x, flow)[:, :, :5, :6], x[:, :, 1:, 2:], atol=1e-5, rtol=1e-4)


def test_it_begins_near_interpolation() -> None:
    torch.manual_seed(1)
    x = torch.rand(1, 3, 6, 5)
    with torch.inference_mode():
        made = CrossNet(8, 4)(x, torch.zeros(1), torch.rand(1, 3, 40, 24))
    assert float((made - interpolate_bicubic(x, 4)).abs().max()) < 0.1
