"""Where a small picture lies in a larger one; coordinates in pixels, whose centres are at 0.5."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
"""(H, W), 0..255."""
Colours = NDArray[np.float32]
"""(H, W, C), 0..255."""
Affine = NDArray[np.float64]
"""(2, 3): maps (x, y, 1) to (x, y)."""

STRAIGHT_PX = 0.02
"""Pixels of the small picture by which rotation and shear may move its corners and still count as
none: a twentieth of the finest shift that the proof lets pass."""
_WHOLE_PX = 1e-6  # of the candidate; what is computed from whole numbers errs by less
_OVERSAMPLED = 2.0
"""Where the way to the small frame is not straight, it goes through a frame so much finer than the
candidate that the interpolation adds next to no blur."""
_MAX_BETWEEN_PX = 24_000_000  # pixels of that frame, some 100 MB a plane; a guess


class Turn(NamedTuple):
    """How the candidate is mirrored (left and right), then turned by quarters, counterclockwise."""

    quarters: int = 0
    mirrored: bool = False

    def apply(self, picture: NDArray[np.generic]) -> NDArray[np.generic]:
        """Turn (H, W) or (H, W, C)."""
        turned = picture[:, ::-1] if self.mirrored else picture
        return np.ascontiguousarray(np.rot90(turned, self.quarters))


TURNS = tuple(Turn(quarters, mirrored) for mirrored in (False, True) for quarters in range(4))


@dataclass(frozen=True, eq=False)
class Registration:
    """Where the small picture lies in the turned candidate.

    Attributes:
        turn: done to the candidate first.
        matrix: from coordinates of the small picture to those of the turned candidate.
    """

    turn: Turn
    matrix: Affine

    @property
    def factors(self) -> tuple[float, float]:
        """Pixels of the candidate for each of the small picture, across and down."""
        across, down = np.hypot(self.matrix[0, :2], self.matrix[1, :2])
        return float(across), float(down)

    def then(self, step: Affine) -> "Registration":
        """Return the registration with `step`, a map of the small frame to itself, before it."""
        return Registration(self.turn, _chained(self.matrix, step))

    def box(self, width_px: int, height_px: int) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom in the turned candidate, without rotation."""
        left, top = self.matrix[:, 2]
        right = left + self.matrix[0, 0] * width_px
        bottom = top + self.matrix[1, 1] * height_px
        return float(left), float(top), float(right), float(bottom)

    def is_straight(self, width_px: int, height_px: int) -> bool:
        """Say whether rotation and shear move no corner by more than STRAIGHT_PX."""
        across, down = self.factors
        return bool(
            self.matrix[0, 0] > 0
            and self.matrix[1, 1] > 0
            and abs(self.matrix[1, 0]) * width_px <= STRAIGHT_PX * down
            and abs(self.matrix[0, 1]) * height_px <= STRAIGHT_PX * across
        )

    def outside_px(self, small_px: tuple[int, int], turned_px: tuple[int, int]) -> float:
        """Return by how many pixels of the small picture it reaches beyond the candidate.

        Args:
            small_px: width and height of the small picture.
            turned_px: width and height of the turned candidate.
        """
        width, height = small_px
        corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], float)
        found = corners @ self.matrix.T
        factors = np.array(self.factors)
        beyond = np.maximum(-found, found - np.array(turned_px, float)) / factors
        return float(max(0.0, beyond.max()))


def whole_frame(turn: Turn, small_px: tuple[int, int], turned_px: tuple[int, int]) -> Registration:
    """Lay the small picture over the whole candidate. Sizes are width and height."""
    across, down = (large / small for large, small in zip(turned_px, small_px, strict=True))
    return Registration(turn, np.array([[across, 0, 0], [0, down, 0]], float))


def _chained(outer: Affine, inner: Affine) -> Affine:
    """Return the map that does `inner`, then `outer`."""
    linear = outer[:, :2] @ inner[:, :2]
    offset = outer[:, :2] @ inner[:, 2] + outer[:, 2]
    return np.column_stack((linear, offset))


def centres_at_integers(matrix: Affine) -> Affine:
    """Give the same map in OpenCV's coordinates, whose first pixel has its centre at 0."""
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return moved


def centres_at_halves(matrix: Affine) -> Affine:
    """Undo `centres_at_integers`."""
    moved = matrix.copy()
    moved[:, 2] -= matrix[:, :2] @ (0.5, 0.5) - 0.5
    return moved


def framed(
    turned: NDArray[np.uint8],
    registration: Registration,
    size_px: tuple[int, int],
    kernel: Image.Resampling,
) -> NDArray[np.uint8]:
    """Bring the turned candidate (H, W[, C]) into the frame of the small picture, and its size.

    Args:
        turned: the candidate after `registration.turn`.
        registration: where the small picture lies.
        size_px: width and height to make: of the small picture, or a multiple of them, where the
            registration is for that multiple.
        kernel: of Pillow; where it shrinks, it is as wide as many pixels as it must be.
    """
    width, height = size_px
    left, top, right, bottom = registration.box(width, height)
    inside = left >= 0 and top >= 0 and right <= turned.shape[1] and bottom <= turned.shape[0]
    if registration.is_straight(width, height) and inside:
        box = (left, top, right, bottom)
        whole = tuple(round(side) for side in box)
        if np.abs(np.subtract(box, whole)).max() < _WHOLE_PX:
            # Cut first, as who crops does: the kernel then sees nothing beyond.
            part = Image.fromarray(turned[whole[1] : whole[3], whole[0] : whole[2]])
            return np.asarray(part.resize(size_px, kernel), np.uint8)
        return np.asarray(Image.fromarray(turned).resize(size_px, kernel, box=box), np.uint8)
    return _through_upright(turned, registration, size_px, kernel)


def _through_upright(
    turned: NDArray[np.uint8],
    registration: Registration,
    size_px: tuple[int, int],
    kernel: Image.Resampling,
) -> NDArray[np.uint8]:
    """Lay the candidate straight at a finer scale first, then shrink."""
    width, height = size_px
    most = (_MAX_BETWEEN_PX / (width * height)) ** 0.5
    across, down = (
        max(1, round(min(most, max(1.0, factor * _OVERSAMPLED)))) for factor in registration.factors
    )
    step = np.array([[1 / across, 0, 0], [0, 1 / down, 0]], float)
    matrix = centres_at_integers(registration.then(step).matrix)
    upright = cv2.warpAffine(
        turned,
        matrix,
        (width * across, height * down),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if (across, down) == (1, 1):
        return np.asarray(upright, np.uint8)
    return np.asarray(Image.fromarray(upright).resize(size_px, kernel), np.uint8)
