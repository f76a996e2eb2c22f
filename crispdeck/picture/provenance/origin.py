"""Tell from the pixels alone how a picture came to them: shrunk, rendered, JPEG or dithered.

JPEG is known by its grid, as in Z. Fan and R. L. de Queiroz, Identification of bitmap compression
history (IEEE TIP 2003), who compare steps within blocks and across their borders. Such steps drown
in the edges of a drawing, so here the grid's period is looked for, and where flat runs begin. What
tells a drawn picture from a shrunk one, and a dithered one from both, is our own: the share of
edges that are one step high, and of pixels that stand out from their neighbours.

The thresholds below are held by `python -m worker.lab.bench.looks` (docs/looks.md), which counts on
photographs and drawings how often each kind is named rightly; a change is judged by its tables.
"""

import numpy as np

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance.luma import Grey
from crispdeck.picture.provenance.model import Kind
from crispdeck.picture.provenance.periodicity import rhythm

MIN_SIDE_PX = 32
"""Smaller pictures hold too few edges for a share of them to mean anything."""

_PALETTE_COLOURS = 256
"""The most entries of a table of colours (GIF89a; PNG, ISO/IEC 15948, 11.2.3)."""
_PALETTE_GREYS = 48
"""A grey picture has at most 256 values in any case: only so few speak for a table."""
_SPECKS = 0.12
"""Share of pixels that stand out from both neighbours in a row, above which a
picture with a table of colours counts as dithered."""
_GRID_RHYTHM = 3.5
"""Strength of a harmonic of 8 pixels over its floor, at which JPEG's grid is taken to be
there."""
_GRID_SHARE = 0.36
"""Share of flat runs that begin at the commonest of eight columns; one in eight by chance."""
_RUN_PX = 6
"""A flat run is at least so long, in pixels: shorter ones lie within letters."""
_MIN_RUNS = 60
"""Fewer runs give a share that chance can reach."""
_FLAT_STEP = 0.01
"""Levels of 255 below which two pixels count as equal: what is left of rounding in float32."""
_NOISE_STEP = 14.0
"""Levels of 255; a larger step is an edge of the drawing, not JPEG's noise beside one."""
_EDGE_STEP = 40.0
"""Levels of 255 from which a step is a strong edge, such as text has against its ground."""
_MIN_EDGES = 40
"""With fewer strong edges nothing is said but that the picture may have been shrunk."""
_RENDERED_SHARE = 0.48
"""Share of strong edges that take one pixel's step; above it the picture was drawn at its size."""
_ONE_STEP = 0.93
"""An edge takes one step where so much of its height lies in it."""


def kind_of(pixels: Pixels, grey: Grey) -> tuple[Kind, float]:
    """Return the kind and the confidence in it, 0..1.

    Args:
        grey: brightness of the same picture, or of a part that starts on a multiple of 8 pixels.
    """
    if min(grey.shape) < MIN_SIDE_PX or float(np.ptp(grey)) < 8:
        return Kind.UNKNOWN, 0.0
    specks = _specks(grey) if _has_palette(pixels) else 0.0
    if specks > _SPECKS:
        return Kind.PALETTE, min(1.0, 0.5 + specks)
    grid = _grid(grey)
    if grid > 1:
        return Kind.JPEG, min(1.0, grid / 2)
    share, edges = hard_edges(grey)
    if edges < _MIN_EDGES:
        return Kind.SHRUNK, 0.5
    if share > _RENDERED_SHARE:
        return Kind.RENDERED, min(1.0, 0.5 + (share - _RENDERED_SHARE))
    return Kind.SHRUNK, min(1.0, 0.5 + (_RENDERED_SHARE - share))


def _has_palette(pixels: Pixels) -> bool:
    """Tell a table of colours; a grey picture has at most 256 of them in any case."""
    red = pixels.colour[..., :1]
    is_grey = bool((pixels.colour == red).all())
    return few_colours(pixels, _PALETTE_GREYS if is_grey else _PALETTE_COLOURS)


def few_colours(pixels: Pixels, most: int) -> bool:
    """Return True where 8-bit pixels have at most `most` colours, alpha included."""
    if pixels.max_value != 255:
        return False
    packed = np.zeros(pixels.colour.shape[:2], np.uint64)
    planes = [pixels.colour[..., channel] for channel in range(pixels.colour.shape[2])]
    for plane in planes if pixels.alpha is None else [*planes, pixels.alpha]:
        packed = packed << np.uint64(8) | plane.astype(np.uint64)
    # Most photographs are told by a few rows, long before all of them are sorted.
    sample = packed[:: max(1, len(packed) // 16)]
    return len(np.unique(sample)) <= most and len(np.unique(packed)) <= most


def _specks(grey: Grey) -> float:
    """Return the share of pixels that differ from both neighbours in a row, to the same side."""
    left, right = grey[:, 1:-1] - grey[:, :-2], grey[:, 1:-1] - grey[:, 2:]
    return float(((left * right > 0) & (np.abs(left) < 96)).mean())


def _grid(grey: Grey) -> float:
    """Return how plainly JPEG's grid of 8×8 pixels (ITU-T T.81) shows; above 1 it is there.

    Two signs: the rhythm of 8 pixels in what is lively, and, in drawings, flat runs that begin at
    the same one of eight columns: the noise around letters ends where their block does.
    """
    transposed = np.ascontiguousarray(grey.T)
    rhythms = [rhythm(each) for each in (grey, transposed)]
    harmonics = sorted(sum(one.at(k / 8) for one in rhythms) / 2 for k in (1, 2, 3, 4))
    shares = [_share_of_one_column(each) for each in (grey, transposed)]
    return max(harmonics[1] / _GRID_RHYTHM, min(shares) / _GRID_SHARE)


def _share_of_one_column(grey: Grey) -> float:
    """Return the share of flat runs that begin at the commonest of eight columns; 0 if few do."""
    step = np.abs(np.diff(grey, axis=1))
    sums = np.cumsum(np.pad(step < _FLAT_STEP, ((0, 0), (1, 0))), axis=1)
    is_run = np.equal(sums[:, _RUN_PX:] - sums[:, :-_RUN_PX], _RUN_PX)
    before = step[:, : is_run.shape[1] - 1]
    begins = is_run[:, 1:] & (before >= _FLAT_STEP) & (before < _NOISE_STEP)
    counts = np.bincount(np.nonzero(begins)[1] % 8, minlength=8)
    return float(counts.max() / counts.sum()) if counts.sum() >= _MIN_RUNS else 0.0


def hard_edges(grey: Grey) -> tuple[float, int]:
    """Return the share of strong edges that take one pixel's step only, and how many there are.

    Screens draw stems and lines on whole pixels; a kernel that shrinks spreads an edge over two
    or more, wherever it happens to fall.
    """
    hard = edges = 0
    for transposed in (grey, grey.T):
        step = np.diff(transposed, axis=1)
        before, here, after = step[:, :-2], step[:, 1:-1], step[:, 2:]
        size = np.abs(here)
        top = (size >= np.abs(before)) & (size > np.abs(after)) & (size > _EDGE_STEP)
        # Steps to the other side belong to the next edge of a thin stroke.
        same = np.maximum(before * np.sign(here), 0) + np.maximum(after * np.sign(here), 0)
        hard += int((top & (size >= _ONE_STEP * (size + same))).sum())
        edges += int(top.sum())
    return (hard / edges if edges else 0.0), edges
