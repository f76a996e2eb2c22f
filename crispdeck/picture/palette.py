"""Bring pixels back to a table of 256 colours where nobody can tell; decided by measuring."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.pixels import Pixels

MAX_COLOURS = 256
MAX_ERROR = 4
"""Levels out of 255 by which a channel may move: below what is seen, even side by side."""

_WORTH_A_TRY = 4096
"""With more colours than this no table of 256 was ever near enough in real decks."""


@dataclass(frozen=True, eq=False)
class Indexed:
    """Indices (H, W) into a table (N, 4) of RGBA, clear entries first."""

    indices: NDArray[np.uint8]
    table: NDArray[np.uint8]


def to_palette(pixels: Pixels) -> Indexed | None:
    """Return 8-bit RGB pixels with at most 256 colours, or None where that could be seen.

    No channel moves by more than MAX_ERROR levels, and alpha of 0 and 255 does not move at all.
    """
    if pixels.colour.shape[2] != 3 or pixels.max_value != 255:
        return None
    image = Image.fromarray(_rgba(pixels))
    if image.getcolors(_WORTH_A_TRY) is None:
        return None
    packed = np.asarray(image).view(np.uint32)[..., 0]
    values, inverse = np.unique(packed, return_inverse=True)
    colours = values.view(np.uint8).reshape(-1, 4)
    boxes = _boxes(colours)
    if boxes is None:
        return None
    table = np.array([_middle(colours[box]) for box in boxes], np.uint8)
    index_of = np.empty(len(colours), np.uint8)
    for index, box in enumerate(boxes):
        index_of[box] = index
    return Indexed(index_of[inverse].reshape(packed.shape), table)


def _rgba(pixels: Pixels) -> NDArray[np.uint8]:
    """Join colour and alpha; all clear pixels get one colour, for nobody sees it."""
    if pixels.alpha is None:
        return np.dstack((pixels.colour, np.full(pixels.colour.shape[:2], 255))).astype(np.uint8)
    rgba = np.dstack((pixels.colour, pixels.alpha)).astype(np.uint8)
    clear = pixels.alpha == 0
    if clear.any():
        rgba[clear] = rgba[clear][0]
    return rgba


def _boxes(colours: NDArray[np.uint8]) -> list[NDArray[np.intp]] | None:
    """Part a list of colours (N, 4) into at most 256 boxes that are small enough, or None.

    Always the widest box is cut, in the middle of its widest side. Clear, opaque and half-clear
    colours never share a box. The boxes come in the order of that: clear ones first.
    """
    alpha = colours[:, 3]
    groups = (alpha == 0, (alpha > 0) & (alpha < 255), alpha == 255)
    heap: list[tuple[int, int, int, NDArray[np.intp]]] = []
    for kind, group in enumerate(groups):
        if group.any():
            heapq.heappush(heap, _measured(colours, np.flatnonzero(group), kind, len(heap)))
    serial = len(heap)
    while -heap[0][0] > 2 * MAX_ERROR or (-heap[0][0] > 0 and len(heap) < MAX_COLOURS):
        if len(heap) == MAX_COLOURS:
            return None
        _, _, kind, box = heapq.heappop(heap)
        for half in _halves(colours, box):
            serial += 1
            heapq.heappush(heap, _measured(colours, half, kind, serial))
    return [box for _, _, _, box in sorted(heap, key=lambda entry: (entry[2], entry[1]))]


def _measured(
    colours: NDArray[np.uint8], box: NDArray[np.intp], kind: int, serial: int
) -> tuple[int, int, int, NDArray[np.intp]]:
    """Make a heap entry: widest first, then the order of making, so that ties are settled."""
    return -int(np.ptp(colours[box], axis=0).max()), serial, kind, box


def _halves(
    colours: NDArray[np.uint8], box: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    inside = colours[box]
    channel = inside[:, np.ptp(inside, axis=0).argmax()].astype(np.int16)
    low = channel * 2 < int(channel.min()) + int(channel.max())
    return box[low], box[~low]


def _middle(inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colour from which no other is farther than half the box."""
    low, high = inside.min(axis=0).astype(np.uint16), inside.max(axis=0).astype(np.uint16)
    middle: NDArray[np.uint8] = ((low + high) // 2).astype(np.uint8)
    return middle
