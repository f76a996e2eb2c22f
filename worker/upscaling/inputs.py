"""What a look at a picture means for its enlargement: from which pixels, by how much; no torch."""

import math
from dataclasses import dataclass
from typing import Any

from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import Kind, Provenance, detect, repeat, shrink
from worker.faithful.kinds import Consistency

MAX_FACTOR = 4.0
"""The most that a network enlarges by; what is asked beyond is plain interpolation."""
_MIN_FACTOR = 2.0  # the smallest that there is a network for
_SURELY_SHRUNK = 0.55
"""Confidence from which provenance alone decides: 262 of 290 pictures shrunk bicubically had it, of
60 drawn small 22 (docs/faithfulness.md)."""
_SURELY_RENDERED = 0.6
"""Up to here what looks rendered may have been shrunk: of 290 pictures shrunk bicubically none
looked more like it, of 60 drawn small 16 did."""
CELLS = "nearest"
"""Stands for the network's name where cells are repeated."""


@dataclass(frozen=True)
class View:
    """A picture as it goes into enlargement.

    Attributes:
        found: what its own pixels look like.
        pixels: its own, or those of its true size where it was enlarged before.
        factor: by how much the network enlarges `pixels`, 1.25 to 4.
        cells: None, or by how much its cells are repeated instead.
        size_px: width and height that are asked for.
    """

    found: Provenance
    pixels: Pixels
    factor: float
    cells: int | None
    size_px: tuple[int, int]

    def finish(self, enlarged: Pixels) -> Pixels:
        """Bring what the network made to the size asked for; beyond its factor plainly."""
        if (enlarged.width_px, enlarged.height_px) == self.size_px:
            return enlarged
        return resize(enlarged, *self.size_px)

    def report(self) -> dict[str, Any]:
        """Return what was found, as JSON."""
        found, enlarged = self.found, self.found.enlarged
        return {
            "kind": found.kind.value,
            "kind_confidence": found.kind_confidence,
            "true_size_px": [enlarged.width_px, enlarged.height_px] if enlarged else None,
            "blocks": found.blocks.code.value if found.blocks else None,
        }


def view(decoded: DecodedPicture, scale: float) -> View:
    """Look at a picture and decide from which pixels it is enlarged `scale` times.

    One that was enlarged before is first brought back to its true size: a network cannot find
    detail in what interpolation has smeared. Cells are repeated a whole number of times.
    """
    pixels = decoded.pixels
    found = detect(pixels)
    size_px = round(pixels.width_px * scale), round(pixels.height_px * scale)
    needed, blocks = scale, found.blocks
    if found.enlarged is not None:
        pixels = shrink(pixels, found.enlarged)
        needed = scale * found.enlarged.factor
        blocks = detect(pixels).blocks
    return View(
        found=found,
        pixels=pixels,
        factor=_network_factor(needed),
        cells=math.ceil(needed - 0.01) if blocks else None,
        size_px=size_px,
    )


def _network_factor(needed: float) -> float:
    """Bound the factor; a picture that need not grow is enlarged and brought back."""
    return min(MAX_FACTOR, needed) if needed > 1.05 else _MIN_FACTOR


def consistency_of(decoded: DecodedPicture, found: Provenance) -> Consistency:
    """Say what an enlargement must agree in: exact where the pixels may have been shrunk.

    What the network makes of them has the last word (worker.faithful.kernels).
    """
    is_rendered = found.kind is Kind.RENDERED and found.kind_confidence > _SURELY_RENDERED
    may_be_shrunk = found.kind in (Kind.SHRUNK, Kind.RENDERED) and not is_rendered
    is_exact = decoded.lossless and may_be_shrunk and found.enlarged is None
    return Consistency.EXACT if is_exact else Consistency.LOW_FREQUENCY


def is_surely_shrunk(found: Provenance) -> bool:
    """Tell whether provenance alone says that it was only shrunk, whatever the network makes."""
    return found.kind is Kind.SHRUNK and found.kind_confidence >= _SURELY_SHRUNK


def repeated(seen: View) -> Pixels:
    """Return the picture with its cells repeated; at least as large as asked for."""
    return repeat(seen.pixels, seen.cells or 1)
