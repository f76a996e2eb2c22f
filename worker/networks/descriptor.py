"""What Crispdeck must know of a network before it loads it; no weights, no torch."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
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
            of its receptive field, in pixels of the small picture): the context of a tile. None
            where it looks at whole pictures: it is never given a part of one.
        dtypes: what the body may run in; where another one is asked for, it runs in float32.
        min_pixels, max_pixels: the small pictures (width × height) it is meant for.
        weights_file: its file in worker/networks/weights, or in `weights_folder`.
        build: makes the network with untrained weights.
        weights_folder: where the weights and their manifest lie, if elsewhere.
    """

    name: str
    version: str
    scale: int
    parameters: int
    reach_px: int | None
    dtypes: frozenset[DtypeName]
    min_pixels: int
    max_pixels: int
    weights_file: str
    build: Callable[[], "nn.Module"]
    weights_folder: Path | None = None

    @property
    def label(self) -> str:
        """name@version: what results and caches are marked with."""
        return f"{self.name}@{self.version}"
