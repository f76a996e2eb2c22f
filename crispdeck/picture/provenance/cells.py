"""Pixel art, QR codes and bar codes: their cells must stay square, so no network touches them.

Codes are known by their standards' own marks (ISO/IEC 18004, ISO/IEC 15420) and never read; what is
pixel art is a rule of our own: few colours, few cells, no rims with tones in between.
"""

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance.luma import Grey
from crispdeck.picture.provenance.model import Blocks, Code
from crispdeck.picture.provenance.repetition import cell_size

MAX_CODE_PX = 1024
"""A code of more pixels is shown sharp by anything."""
MAX_ART_CELLS = 128
"""Cells along the longer side up to which drawn cells are taken for pixel art."""
MAX_ART_COLOURS = 48
"""The most colours of pixel art."""

_TWO_TONES = 0.9
"""Share of pixels that lie near one of two tones in a QR or bar code."""
_TONE_REACH = 48
"""Levels of 255 around a tone that count as near it."""
_MIN_BARS = 30
"""The fewest bars and gaps of a bar code; EAN-8 has 43 (ISO/IEC 15420)."""
_RAMPS = 0.03
"""The largest share of edges with a tone between their sides; smoothed drawings have more."""
_MIN_CELLS = 8
"""Pixels, or cells, along a side below which nothing is recognised."""
Flags = NDArray[np.bool_]


def find_blocks(pixels: Pixels, grey: Grey) -> Blocks | None:
    """Say whether a picture is made of cells, and how large they are; None where it is not.

    Args:
        grey: brightness of the same picture, (H, W) in 0..255.
    """
    if max(grey.shape) <= MAX_CODE_PX and min(grey.shape) >= _MIN_CELLS:
        dark = _two_tones(grey)
        code = None if dark is None else _code(dark)
        if dark is not None and code is not None:
            return Blocks(code=code, cell_px=_module_px(dark, code))
    cell_px = min(cell_size(grey))
    return Blocks(code=Code.PIXEL_ART, cell_px=cell_px) if _is_art(pixels, grey, cell_px) else None


def _two_tones(grey: Grey) -> Flags | None:
    """Return what is dark, if nearly all pixels are near the darkest or the lightest tone."""
    low, high = (float(value) for value in np.percentile(grey, (2, 98)))
    # Two tones that nearly touch are one tone with noise.
    if high - low < 3 * _TONE_REACH:
        return None
    near = (grey < low + _TONE_REACH) | (grey > high - _TONE_REACH)
    return grey < (low + high) / 2 if near.mean() >= _TWO_TONES else None


def _code(dark: Flags) -> Code | None:
    if _is_square_of_ink(dark) and min(_finders(dark), _finders(dark.T)) >= 2:
        return Code.QR_CODE
    return Code.BAR_CODE if _is_bar_code(dark) or _is_bar_code(dark.T) else None


def _is_square_of_ink(dark: Flags) -> bool:
    """Tell whether what is dark fills a square about half, as the modules of a QR code do."""
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not rows.size:
        return False
    inside = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = inside.shape
    return abs(high - wide) <= 0.05 * max(high, wide) and 0.35 < float(inside.mean()) < 0.65


def _runs(line: Flags) -> NDArray[np.intp]:
    """Return the lengths of the runs of one line, dark and light in turn."""
    changes = np.flatnonzero(line[1:] != line[:-1]) + 1
    return np.diff(np.concatenate(([0], changes, [len(line)])))


def _finders(dark: Flags) -> int:
    """Count places across which a line meets a QR finder: 1:1:3:1:1 (ISO/IEC 18004, 6.3.3).

    A place counts once however many lines meet it, and only if three modules' worth do.
    """
    met: dict[int, list[float]] = {}
    for line in dark:
        runs = _runs(line).astype(float)
        starts = np.concatenate(([0.0], runs.cumsum()[:-1]))
        for at in range(int(not line[0]), len(runs) - 4, 2):
            five = runs[at : at + 5]
            module = five.sum() / 7
            fits = np.abs(five / module - (1, 1, 3, 1, 1)) <= (0.5, 0.5, 0.8, 0.5, 0.5)
            if fits.all():
                met.setdefault(round(starts[at] / (2 * module)), []).append(module)
    return sum(len(modules) >= 2.5 * float(np.median(modules)) for modules in met.values())


def _is_bar_code(dark: Flags) -> bool:
    """Many bars of a few widths, the same in most lines."""
    middle = dark[len(dark) // 2]
    alike = (dark == middle).mean(axis=1) > 0.97
    runs = _runs(middle)[1:-1]
    if len(runs) < _MIN_BARS or alike.mean() < 0.5 or not 0.2 < middle.mean() < 0.8:
        return False
    return bool(runs.max() <= 8 * max(1, int(runs.min())) and np.median(runs) <= 3 * runs.min())


def _module_px(dark: Flags, code: Code) -> int:
    """Return the side of a module where all are equal, 1 where they are not."""
    if code is Code.BAR_CODE:
        lines = (dark[len(dark) // 2], dark[:, dark.shape[1] // 2])
        runs = max((_runs(line)[1:-1] for line in lines), key=len)
        return max(1, int(np.gcd.reduce(runs)))
    wide, high = cell_size(dark.astype(np.float32))
    return int(np.gcd(wide, high))


def _is_art(pixels: Pixels, grey: Grey, cell_px: int) -> bool:
    """Few colours on few cells, and no soft rims: drawn cell by cell."""
    cells = grey[::cell_px, ::cell_px]
    if not _MIN_CELLS <= max(cells.shape) <= MAX_ART_CELLS:
        return False
    if pixels.alpha is not None and not _is_hard(pixels):
        return False
    colours = pixels.colour[::cell_px, ::cell_px].reshape(-1, pixels.colour.shape[2])
    count = len(np.unique(colours, axis=0))
    is_hard = cell_px > 1 or _ramps(cells) <= _RAMPS
    return 2 <= count <= MAX_ART_COLOURS and is_hard and _is_varied(cells)


def _is_hard(pixels: Pixels) -> bool:
    alpha = pixels.alpha
    return alpha is None or bool(((alpha == 0) | (alpha == pixels.max_value)).all())


def _ramps(cells: Grey) -> float:
    """Return the share of cells that lie between their neighbours, as anti-aliased rims do."""
    shares = []
    for oriented in (cells, cells.T):
        before, here, after = oriented[:, :-2], oriented[:, 1:-1], oriented[:, 2:]
        low, high = np.minimum(before, after), np.maximum(before, after)
        between = (here > low + 6) & (here < high - 6) & (high - low > 32)
        edges = (high - low > 32).sum()
        shares.append(between.sum() / edges if edges else 0.0)
    return float(max(shares))


def _is_varied(cells: Grey) -> bool:
    """Tell drawn cells from a plain frame or two boxes."""
    changes = (cells[:, 1:] != cells[:, :-1]).mean() + (cells[1:] != cells[:-1]).mean()
    return bool(changes > 0.15)
