"""The pixels of one picture, apart from any file format."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Pixels:
    """Colour and alpha of one picture, straight (never premultiplied).

    Attributes:
        colour: (H, W, C) uint8 or uint16; C is 1 (grey), 3 (RGB) or 4 (CMYK, 0 = no ink).
        alpha: (H, W) of the same dtype, 0 = clear; None where the picture has none.
    """

    colour: NDArray[np.uint8] | NDArray[np.uint16]
    alpha: NDArray[np.uint8] | NDArray[np.uint16] | None = None

    def __post_init__(self) -> None:
        if self.colour.ndim != 3 or self.colour.shape[2] not in {1, 3, 4}:
            raise ValueError(f"colour must be (H, W, 1 | 3 | 4), not {self.colour.shape}")
        if self.colour.dtype not in {np.dtype(np.uint8), np.dtype(np.uint16)}:
            raise ValueError(f"colour must be uint8 or uint16, not {self.colour.dtype}")
        if self.alpha is not None and (
            self.alpha.shape != self.colour.shape[:2] or self.alpha.dtype != self.colour.dtype
        ):
            raise ValueError("alpha must have the size and the dtype of colour")

    @property
    def width_px(self) -> int:
        """Columns."""
        return int(self.colour.shape[1])

    @property
    def height_px(self) -> int:
        """Rows."""
        return int(self.colour.shape[0])

    @property
    def max_value(self) -> int:
        """255 or 65535."""
        return int(np.iinfo(self.colour.dtype).max)
