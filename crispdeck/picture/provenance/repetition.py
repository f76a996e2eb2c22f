"""Pictures that were enlarged by repeating pixels; found exactly, or nearly so behind JPEG.

A method of our own: without loss, the greatest common divisor of all places where a column differs
from the one before; behind JPEG, steps where repetition would put them against steps elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.provenance.luma import Grey
from crispdeck.picture.provenance.model import Enlargement, Kernel

Sizes = NDArray[np.float32]

MAX_CELL_PX = 64
"""Larger cells are boxes of a drawing."""
MAX_FACTOR = 8.6
"""As far as interpolation is recognised (enlarged.py)."""
MIN_TRUE_PX = 32
"""Fewer cells are a chart or a pattern of boxes, not a picture that was enlarged."""
_BUSY = 0.3
"""Share of the grid's lines that must show a change: two boxes that lie on even pixels by chance
are no enlarged picture."""
_STEP_OVER_INSIDE = 4.0
"""How much larger the steps between repeated pixels are than those inside, behind JPEG."""
_STEPS_IN_ALL = 1.0
"""And how much more they are all together: a QR code does not make a poster pixel art."""


def cell_size(grey: Grey) -> tuple[int, int]:
    """Return the width and height in pixels of cells of one colour that fill the picture, else 1.

    The grid must start at the picture's edge.
    """
    return _period(_changes(grey), grey.shape[1]), _period(_changes(grey.T), grey.shape[0])


def _changes(grey: Grey) -> NDArray[np.intp]:
    """Find the columns that differ from the one before."""
    return np.flatnonzero((grey[:, 1:] != grey[:, :-1]).any(axis=0)) + 1


def _period(changes: NDArray[np.intp], length_px: int) -> int:
    """Return the greatest whole period of which all changes and the length are multiples."""
    if not changes.size:
        return 1
    # The length too: a last cell that is cut off is not of a picture that was enlarged.
    cell = int(np.gcd.reduce(np.append(changes, length_px)))
    return cell if cell <= MAX_CELL_PX else 1


def wholly_repeated(grey: Grey) -> Enlargement | None:
    """Return the size before a whole factor of exact repetition."""
    wide, high = cell_size(grey)
    if wide < 2 or wide != high or min(grey.shape) < MIN_TRUE_PX * wide:
        return None
    busy = min(
        len(_changes(grey)) * wide / grey.shape[1], len(_changes(grey.T)) * high / grey.shape[0]
    )
    if busy < _BUSY:
        return None
    return _nearest((grey.shape[1], grey.shape[0]), float(wide), 1.0)


@dataclass(frozen=True, eq=False)
class Steps:
    """How large the steps from each column, and from each row, to the next are on average.

    Attributes:
        size_px: width and height of the picture.
        across: (W - 1,) in levels.
        down: (H - 1,) in levels.
    """

    size_px: tuple[int, int]
    across: Sizes
    down: Sizes

    @classmethod
    def of(cls, grey: Grey) -> "Steps":
        """Measure a whole picture (H, W)."""
        across = np.abs(np.diff(grey, axis=1)).mean(axis=0)
        down = np.abs(np.diff(grey, axis=0)).mean(axis=1)
        return cls((grey.shape[1], grey.shape[0]), across, down)

    def repeats(self, factor: float) -> Enlargement | None:
        """Return the size before `factor`, if pixels were repeated and not interpolated.

        Nearest interpolation takes pixel (x + 0.5) / factor, rounded down: where that changes,
        the steps are, and nowhere else.
        """
        best: tuple[float, float] | None = None
        for each in (factor, 2 * factor, factor / (factor - 1) if factor > 1.05 else 0.0):
            if 1.25 <= each <= MAX_FACTOR:
                contrast = min(_contrast(sizes, each) for sizes in (self.across, self.down))
                best = max(best or (0.0, 0.0), (contrast, each))
        if best is None or best[0] < max(_STEP_OVER_INSIDE, _STEPS_IN_ALL * (best[1] - 1)):
            return None
        return _nearest(self.size_px, best[1], round(min(1.0, best[0] / (best[0] + 4)), 2))


def _contrast(sizes: Sizes, factor: float) -> float:
    """How much larger steps are where repetition would put them than elsewhere."""
    length_px = len(sizes) + 1
    small_px = max(1, round(length_px / factor))
    cells = ((np.arange(length_px) + 0.5) * small_px / length_px).astype(int)
    is_step = np.diff(cells) > 0
    if is_step.all() or not is_step.any():
        return 0.0
    steps = sizes[is_step]
    if (steps > steps.mean() / 4).mean() < _BUSY:
        return 0.0
    return float(steps.mean() / (sizes[~is_step].mean() + 1e-3))


def _nearest(size_px: tuple[int, int], factor: float, confidence: float) -> Enlargement:
    width_px, height_px = size_px
    return Enlargement(
        width_px=max(1, round(width_px / factor)),
        height_px=max(1, round(height_px / factor)),
        factor=round(factor, 3),
        kernel=Kernel.NEAREST,
        confidence=confidence,
    )
