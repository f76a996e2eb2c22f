"""Flat surfaces stay flat, and nothing else is touched."""

import numpy as np
import torch

from crispdeck.picture.pixels import Pixels
from worker.flats import keep_flats
from worker.source import Source
from worker.upscaler import Upscaler


def test_noise_on_a_flat_surface_is_taken_away() -> None:
    source = torch.full((1, 3, 9, 7), 0.25)
    noisy = torch.full((1, 3, 36, 28), 0.25) + 0.01 * torch.randn(1, 3, 36, 28)

    assert torch.equal(keep_flats(source, noisy), torch.full((1, 3, 36, 28), 0.25))


def test_what_is_within_reach_of_an_edge_stays_as_the_network_made_it() -> None:
    source = torch.zeros(1, 3, 12, 12)
    source[:, :, :, 6:] = 1.0
    made = torch.rand(1, 3, 24, 24)

    kept = keep_flats(source, made.clone())

    near_the_edge = slice(2 * 4, 2 * 8)
    assert torch.equal(kept[:, :, :, near_the_edge], made[:, :, :, near_the_edge])
    assert torch.equal(kept[:, :, :, : 2 * 4], torch.zeros(1, 3, 24, 8))
    assert torch.equal(kept[:, :, :, 2 * 8 :], torch.ones(1, 3, 24, 8))


def test_a_gradient_is_not_flat() -> None:
    source = torch.linspace(0, 1, 16).expand(1, 3, 16, 16).contiguous()
    made = torch.rand(1, 3, 32, 32)

    assert torch.equal(keep_flats(source, made.clone()), made)


def test_a_screenshots_background_keeps_its_one_colour() -> None:
    colour = np.full((60, 80, 3), (250, 251, 247), np.uint8)
    colour[20:24, 20:60] = (20, 30, 90)

    (upscaled,) = Upscaler().upscale([Source(Pixels(colour))], 4)

    far_from_the_bar = upscaled.pixels.colour[:68]
    assert (far_from_the_bar == np.array([250, 251, 247], np.uint8)).all()
