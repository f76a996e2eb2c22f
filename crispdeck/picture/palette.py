"""Bring pixels back to a table of 256 colours where nobody can tell; decided by measuring."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.pixels import Pixels

MAX_COLOURS = 256  # W3C PNG, third edition, 11.2.2: what a PLTE chunk can hold
MAX_ERROR = 4
"""Levels out of 255 by which a channel may move: below what is seen, even side by side."""

_WORTH_A_TRY = 4096
"""With more colours than this no table of 256 was ever near enough in real decks."""


@dataclass(frozen=True, eq=False)
class Indexed:
    """Indices (H, W) into a table (N, 4) of RGBA, clear entries first."""

    indices: NDArray[np.uint8]
    table: NDArray[np.uint8]


def to_palette(pixels: Pixels, source: Pixels | None = None) -> Indexed | None:
    """Return 8-bit RGB pixels with at most 256 colours, or None where that could be seen.

    No channel moves by more than MAX_ERROR levels. Some colours do not move at all: those that
    flat places have, those of `source`, and alpha of 0 and 255. A tinted ground is seen beside a
    white slide, however little it is tinted; one pixel of an edge is not.

    Args:
        pixels: what to write.
        source: the small picture, whose own colours have to stay.
    """
    if pixels.colour.shape[2] != 3 or pixels.max_value != 255:
        return None
    rgba = _rgba(pixels)
    # Counts in C and gives up early: most upscaled photographs end here.
    if Image.fromarray(rgba).getcolors(_WORTH_A_TRY) is None:
        return None
    # One number a pixel: np.unique over rows of four would sort many times as slowly.
    packed = _packed(rgba)
    values, inverse = np.unique(packed, return_inverse=True)
    colours = values.view(np.uint8).reshape(-1, 4)
    fixed = np.isin(values, _fixed_colours(packed, source))
    for may_join in (False, True):
        # Joining a fixed colour saves an entry, but a slope may lose its finest steps.
        index_of, table = _assigned(colours, fixed, may_join=may_join)
        if len(table) <= MAX_COLOURS:
            return Indexed(*_clear_first(index_of[inverse].reshape(packed.shape), table))
    return None


def _packed(rgba: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Give each pixel's four samples as one number (H, W)."""
    packed: NDArray[np.uint32] = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    return packed


def _fixed_colours(packed: NDArray[np.uint32], source: Pixels | None) -> NDArray[np.uint32]:
    """List the colours that must not move: of pixels like their eight neighbours, of the source."""
    inner = packed[1:-1, 1:-1]
    rows, columns = packed.shape
    is_flat = np.ones(inner.shape, bool)
    for down in range(3 if inner.size else 0):
        for across in range(3):
            is_flat &= inner == packed[down : rows - 2 + down, across : columns - 2 + across]
    flat = np.unique(inner[is_flat])
    if source is None or source.colour.shape[2] != 3 or source.max_value != 255:
        return flat
    return np.union1d(flat, _packed(_rgba(source)))


def _assigned(
    colours: NDArray[np.uint8], fixed: NDArray[np.bool_], *, may_join: bool
) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Return for each colour (N, 4) its index in a table, and the table; it may be too long."""
    index_of = np.full(len(colours), -1)
    index_of[fixed] = np.arange(np.count_nonzero(fixed))
    table = colours[fixed]
    if may_join and len(table):
        _join_nearest(colours, table, index_of)
    others = np.flatnonzero(index_of < 0)
    if not len(others):
        return index_of, table
    boxes = _boxes(colours[others], MAX_COLOURS - len(table)) if len(table) < MAX_COLOURS else None
    if boxes is None:
        return index_of, np.empty((MAX_COLOURS + 1, 4), np.uint8)
    for number, box in enumerate(boxes):
        index_of[others[box]] = len(table) + number
    middles = [_middle(colours[others[box]]) for box in boxes]
    return index_of, np.concatenate((table, np.array(middles, np.uint8)))


def _join_nearest(
    colours: NDArray[np.uint8], table: NDArray[np.uint8], index_of: NDArray[np.intp]
) -> None:
    """Give colours that are within MAX_ERROR of a table's entry the nearest; in place."""
    for number, colour in enumerate(colours):
        if index_of[number] >= 0:
            continue
        distance = np.abs(table.astype(np.int16) - colour).max(axis=1)
        # Clear, opaque and half-clear never mix.
        distance[_kinds(table[:, 3]) != _kinds(colour[3])] = MAX_ERROR + 1
        nearest = int(distance.argmin())
        if distance[nearest] <= MAX_ERROR:
            index_of[number] = nearest


def _kinds(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Tell clear (0), half-clear (1) and opaque (2) apart."""
    kinds: NDArray[np.uint8] = (alpha > 0).astype(np.uint8) + (alpha == 255)
    return kinds


def _clear_first(
    indices: NDArray[np.intp], table: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Sort a table by alpha, so that the list of clear entries (PNG's tRNS) is short."""
    # Stable: the same pixels always give the same file.
    order = np.argsort(table[:, 3], kind="stable")
    place = np.empty(len(table), np.uint8)
    place[order] = np.arange(len(table))
    return place[indices], table[order]


def _rgba(pixels: Pixels) -> NDArray[np.uint8]:
    """Join colour and alpha; all clear pixels get one colour, for nobody sees it."""
    if pixels.alpha is None:
        return np.dstack((pixels.colour, np.full(pixels.colour.shape[:2], 255))).astype(np.uint8)
    rgba = np.dstack((pixels.colour, pixels.alpha)).astype(np.uint8)
    clear = pixels.alpha == 0
    if clear.any():
        rgba[clear] = rgba[clear][0]
    return rgba


def _boxes(colours: NDArray[np.uint8], most: int) -> list[NDArray[np.intp]] | None:
    """Part a list of colours (N, 4) into at most `most` boxes that are small enough, or None.

    Always the widest box is cut, in the middle of its widest side. Clear, opaque and half-clear
    colours never share a box.
    """
    kinds = _kinds(colours[:, 3])
    heap: list[tuple[int, int, NDArray[np.intp]]] = []
    for kind in np.unique(kinds):
        heapq.heappush(heap, _measured(colours, np.flatnonzero(kinds == kind), len(heap)))
    serial = len(heap)
    while -heap[0][0] > 2 * MAX_ERROR or (-heap[0][0] > 0 and len(heap) < most):
        if len(heap) >= most:
            return None
        _, _, box = heapq.heappop(heap)
        for half in _halves(colours, box):
            serial += 1
            heapq.heappush(heap, _measured(colours, half, serial))
    if len(heap) > most:
        return None
    return [box for _, _, box in sorted(heap, key=lambda entry: entry[1])]


def _measured(
    colours: NDArray[np.uint8], box: NDArray[np.intp], serial: int
) -> tuple[int, int, NDArray[np.intp]]:
    """Make a heap entry: widest first, then the order of making, so that ties are settled."""
    return -int(np.ptp(colours[box], axis=0).max()), serial, box


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
