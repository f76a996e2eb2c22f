"""Tiles cover a picture once, and leave no seams."""

from functools import partial
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from worker.networks.registry import NETWORKS
from worker.networks.tiles import enlarge_in_tiles, spans
from worker.networks.weights import trained


@given(length_px=st.integers(1, 3000), tile_px=st.integers(1, 700), reach_px=st.integers(0, 40))
def test_spans_cover_every_pixel_once_with_their_context(
    length_px: int, tile_px: int, reach_px: int
) -> None:
    cut = list(spans(length_px, tile_px, reach_px))
    assert cut[0].start == 0
    assert cut[-1].end == length_px
    assert all(one.end == other.start for one, other in pairwise(cut))
    for span in cut:
        assert 0 < span.end - span.start <= tile_px
        assert span.seen_from == max(0, span.start - reach_px)
        assert span.seen_to == min(length_px, span.end + reach_px)


@pytest.mark.parametrize("name", sorted(NETWORKS))
@pytest.mark.parametrize("size", [(40, 97), (65, 64)])
def test_tiles_give_what_the_whole_picture_gives(name: str, size: tuple[int, int]) -> None:
    descriptor = NETWORKS[name]
    assert descriptor.reach_px is not None
    network = partial(trained(descriptor), compression=torch.zeros(1))
    x = torch.rand(1, 3, *size)
    with torch.inference_mode():
        whole = network(x)
        tiled = enlarge_in_tiles(
            network, x, scale=descriptor.scale, tile_px=32, reach_px=descriptor.reach_px
        )
    assert float((whole - tiled).abs().max()) <= 1e-5


def test_too_little_context_would_show() -> None:
    """Guards the test above: it can fail."""
    descriptor = NETWORKS["plain-s-x4"]
    assert descriptor.reach_px is not None
    network = partial(trained(descriptor), compression=torch.zeros(1))
    x = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        tiled = enlarge_in_tiles(network, x, scale=4, tile_px=32, reach_px=2)
        assert float((network(x) - tiled).abs().max()) > 1e-3
