"""Large pictures in tiles, with the same result as in one piece; no devices, no fallbacks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Span:
    """One tile's extent along one side, in pixels of the small picture.

    The network sees from `seen_from` to `seen_to`; what it makes of `start` to `end` is kept.
    """

    start: int
    end: int
    seen_from: int
    seen_to: int


def spans(length_px: int, tile_px: int, reach_px: int) -> Iterator[Span]:
    """Cut a side into the fewest equal parts of at most `tile_px`, each with its context."""
    count = -(-length_px // tile_px)
    for number in range(count):
        start = number * length_px // count
        end = (number + 1) * length_px // count
        yield Span(start, end, max(0, start - reach_px), min(length_px, end + reach_px))


def enlarge_in_tiles(
    enlarge: Callable[[Tensor], Tensor], x: Tensor, *, scale: int, tile_px: int, reach_px: int
) -> Tensor:
    """Enlarge `x` (N, C, H, W) tile by tile.

    Context of `reach_px` on every side makes the seams exact: no kept pixel can see where its
    tile was cut. `enlarge` must not look at the whole picture.
    """
    height, width = x.shape[2:]
    out = torch.empty((*x.shape[:2], height * scale, width * scale), dtype=x.dtype)
    for rows in spans(height, tile_px, reach_px):
        for columns in spans(width, tile_px, reach_px):
            seen = x[:, :, rows.seen_from : rows.seen_to, columns.seen_from : columns.seen_to]
            tile = enlarge(seen)
            if tile.shape != (*seen.shape[:2], seen.shape[2] * scale, seen.shape[3] * scale):
                return tile  # of a wrong size: the caller sees that and says so
            out[:, :, _out(rows, scale), _out(columns, scale)] = tile[
                :, :, _kept(rows, scale), _kept(columns, scale)
            ]
    return out


def _out(span: Span, scale: int) -> slice:
    return slice(span.start * scale, span.end * scale)


def _kept(span: Span, scale: int) -> slice:
    return slice((span.start - span.seen_from) * scale, (span.end - span.seen_from) * scale)
