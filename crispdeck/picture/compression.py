"""How coarsely a file's compression rounded its pixels, as one number; no decoding.

A network that restores pictures must know it: with JPEG noise it has to smooth, without it must
not. Training labels its pictures by the same functions that measure a user's file.
"""

import math
from collections.abc import Mapping, Sequence

LOSSLESS = 0.0  # stands for PNG and all else whose pixels come back as they were

SHRUNK = -0.5
"""Stands for a lossless picture that by its provenance was made by shrinking a larger one, most
likely bicubically: a network that knows this need not hedge against every other way. Apart from
LOSSLESS and on the other side of it than all compression."""

LOSSY_WEBP = 0.4
"""Stands for every lossy WebP, and for AVIF, HEIC and JPEG 2000: about what JPEG 75, the usual
neighbour of WebP 75, comes to.

The step is in the file, behind an arithmetic coder (RFC 6386, 9.6); reading it is not worth the
code as long as presentation programs hardly write the format."""

_LOW_FREQUENCIES = [8 * row + column for row in range(5) for column in range(5 - row)]
"""The first 15 entries of the zigzag (ITU-T T.81, figure A.6) in a table kept row by row: those
five diagonals hold nearly all that is visible of a small picture."""


def compression_of(tables: Mapping[int, Sequence[int]]) -> float:
    """Measure a JPEG by its quantisation tables: 0.125 at its finest to 1.0, on a log scale.

    libjpeg's quality 95 gives 0.16, 90 0.25, 75 0.39, 50 0.50, 25 0.62, 5 0.91. A lossless file is
    `LOSSLESS`, and well apart from quality 100.

    Args:
        tables: 64 steps each, row by row, by number, as `PIL.JpegImageFile.quantization`; the
            lowest number is the one for brightness.

    Raises:
        ValueError: no table, or a table without 64 steps.
    """
    if not tables:
        raise ValueError("a JPEG has at least one quantisation table")
    luma = tables[min(tables)]
    if len(luma) != 64:
        raise ValueError(f"a quantisation table has 64 steps, not {len(luma)}")
    mean_step = sum(luma[at] for at in _LOW_FREQUENCIES) / len(_LOW_FREQUENCIES)
    # An 8-bit table ends at 255, so log2 ends at 8; tables of 16 bits are all the same mush.
    return min(1.0, math.log2(1 + mean_step) / 8)
