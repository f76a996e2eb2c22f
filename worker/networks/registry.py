"""All networks that Crispdeck can use and which one serves which picture; loads nothing."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from worker.networks.descriptor import NetworkDescriptor

if TYPE_CHECKING:
    from torch import nn

    from worker.networks.plain import PlainNetwork

CHANNELS = 64  # of every layer but the last; the same in all of docs/experiments.md
BLOCKS = {"s": 6, "m": 10}
"""Residual blocks of each tier; ten in place of sixteen: docs/experiments.md."""
M_PIXELS = 256 * 256
"""Up to so many the larger tier is hardly noticed, though its work is 1.6 times as much."""
TRAINED_FILE = "plain.safetensors"
"""What training exports: the body with every exit."""
TRAINED_VERSION = "9"


def _build_plain(tier: str, scale: int) -> "nn.Module":
    from worker.networks.plain import Exit, PlainNetwork

    return PlainNetwork(channels=CHANNELS, exits=[Exit(tier, scale, BLOCKS[tier])])


def build_for_training() -> "PlainNetwork":
    """Make the body with every exit, untrained."""
    from worker.networks.plain import Exit, PlainNetwork

    exits = [Exit(tier, scale, blocks) for tier, blocks in BLOCKS.items() for scale in (2, 4)]
    return PlainNetwork(channels=CHANNELS, exits=exits)


def _plain(
    tier: str, scale: int, parameters: int, *, max_pixels: int = sys.maxsize
) -> NetworkDescriptor:
    return NetworkDescriptor(
        name=f"plain-{tier}-x{scale}",
        version=TRAINED_VERSION,
        scale=scale,
        parameters=parameters,
        reach_px=4 + 2 * BLOCKS[tier],
        dtypes=frozenset({"float32", "bfloat16"}),
        min_pixels=1,
        max_pixels=max_pixels,
        weights_file=TRAINED_FILE,
        build=lambda: _build_plain(tier, scale),
    )


NETWORKS: dict[str, NetworkDescriptor] = {
    descriptor.name: descriptor
    for descriptor in (
        _plain("m", 2, 790_121, max_pixels=M_PIXELS),
        _plain("s", 2, 494_697),
        _plain("m", 4, 826_481, max_pixels=M_PIXELS),
        _plain("s", 4, 531_057),
    )
}


_by_name_only: dict[str, NetworkDescriptor] = {}
"""Networks of others, which are used only by those who ask for them: docs/adr/0011."""


def register(descriptors: Iterable[NetworkDescriptor]) -> None:
    """Make networks selectable by name; again with the same names replaces them.

    Raises:
        ValueError: a name is one of Crispdeck's own networks.
    """
    for descriptor in descriptors:
        if descriptor.name in NETWORKS:
            raise ValueError(f"{descriptor.name} is a network of Crispdeck's own")
        _by_name_only[descriptor.name] = descriptor


def selectable() -> list[str]:
    """Name all networks without their scale ("plain-m"), those of others last."""
    names = (
        each.name.rpartition("-x")[0] for each in (*NETWORKS.values(), *_by_name_only.values())
    )
    return list(dict.fromkeys(names))


def named(name: str, scale: int) -> NetworkDescriptor:
    """Find the network that is called so; one for ×4 serves ×2 too if there is no other.

    Raises:
        LookupError: there is none, or it enlarges by less than `scale`.
    """
    for at in (scale, 4):
        found = f"{name}-x{at}"
        if found in NETWORKS or found in _by_name_only:
            return NETWORKS.get(found) or _by_name_only[found]
    raise LookupError(f"no network is called {name!r}; there are {', '.join(selectable())}")


def labels() -> frozenset[str]:
    """Name all networks, with their versions."""
    return frozenset(each.label for each in NETWORKS.values())


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
