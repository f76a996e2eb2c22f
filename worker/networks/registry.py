"""All networks that Crispdeck can use and which one serves which picture; loads nothing."""

import sys
from typing import TYPE_CHECKING

from worker.networks.descriptor import NetworkDescriptor

if TYPE_CHECKING:
    from torch import nn

PLAIN_CHANNELS = 64
PLAIN_BLOCKS = 6


def _build_plain(scale: int) -> "nn.Module":
    from worker.networks.plain import PlainNetwork

    return PlainNetwork(scale=scale, channels=PLAIN_CHANNELS, blocks=PLAIN_BLOCKS)


def _plain(scale: int, version: str, parameters: int) -> NetworkDescriptor:
    return NetworkDescriptor(
        name=f"plain-x{scale}",
        version=version,
        scale=scale,
        parameters=parameters,
        reach_px=2 + 2 * PLAIN_BLOCKS,
        dtypes=frozenset({"float32", "bfloat16"}),
        min_pixels=1,
        max_pixels=sys.maxsize,
        weights_file=f"plain-x{scale}.safetensors",
        build=lambda: _build_plain(scale),
    )


NETWORKS: dict[str, NetworkDescriptor] = {
    descriptor.name: descriptor
    for descriptor in (
        _plain(2, "1", 451_852),
        _plain(4, "2", 472_624),
    )
}


def choose(width_px: int, height_px: int, scale: int) -> NetworkDescriptor:
    """Find the network for a small picture of this size: the first in the registry that fits.

    Raises:
        LookupError: no network enlarges by `scale` at this size.
    """
    pixels = width_px * height_px
    for descriptor in NETWORKS.values():
        if descriptor.scale == scale and descriptor.min_pixels <= pixels <= descriptor.max_pixels:
            return descriptor
    raise LookupError(f"no network for {width_px} × {height_px} px at ×{scale}")
