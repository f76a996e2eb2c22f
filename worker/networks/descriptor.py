"""What Crispdeck must know of a network before it loads it; no weights, no torch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import nn

DtypeName = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class NetworkDescriptor:
    """One network in one trained version.

    Attributes:
        name: of the shape and the scale, for example "plain-x4".
        version: of the weights; a new one invalidates what was upscaled before.
        scale: 2 or 4.
        parameters: how many weights it has.
        reach_px: how many pixels around an output pixel's origin the network sees (the radius
            of its receptive field, in pixels of the small picture): the context of a tile.
        dtypes: what the body may run in.
        min_pixels, max_pixels: the small pictures (width × height) it is meant for.
        weights_file: its file in worker/networks/weights.
        build: makes the network with untrained weights.
    """

    name: str
    version: str
    scale: int
    parameters: int
    reach_px: int
    dtypes: frozenset[DtypeName]
    min_pixels: int
    max_pixels: int
    weights_file: str
    build: Callable[[], "nn.Module"]

    @property
    def label(self) -> str:
        """name@version: what results and caches are marked with."""
        return f"{self.name}@{self.version}"
