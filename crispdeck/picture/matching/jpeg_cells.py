"""What JPEG's quantisation leaves open: how far a picture is from one that makes the same file.

A file tells each coefficient of its 8 x 8 blocks to within half a step of quantisation (ITU-T
T.81, A.3.4). Whatever lies within may be the picture that was saved (cf. Bahat and Michaeli,
"What's in the image?", 2021); what lies outside cannot be.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.matching.geometry import Plane

BLOCK_PX = 8  # side of a JPEG block (ITU-T T.81, A.1.1)
_ROUNDING = 1.0
"""Levels by which a coefficient errs since pixels are whole numbers: the sum of 64 errors of up to
half a level, each with a weight of an eighth, has a sigma of 0.3."""

_UNSURE = 4.0
"""Levels by which a coefficient of what was saved may differ from the model's: kernel, sharpening
and colour are fitted, not known."""


def _dct_matrix() -> NDArray[np.float32]:
    k, n = np.mgrid[0:BLOCK_PX, 0:BLOCK_PX]
    matrix = np.sqrt(2 / BLOCK_PX) * np.cos(np.pi * (2 * n + 1) * k / (2 * BLOCK_PX))
    matrix[0] = np.sqrt(1 / BLOCK_PX)
    return np.asarray(matrix, np.float32)


_DCT = _dct_matrix()


@dataclass(frozen=True, eq=False)
class JpegTables:
    """How a JPEG was quantised.

    Attributes:
        luma, chroma: steps (8, 8), rows are vertical frequencies.
        raw: the tables as Pillow takes them.
        subsampling: Pillow's 0 (4:4:4), 1 (4:2:2) or 2 (4:2:0).
    """

    luma: NDArray[np.float32]
    chroma: NDArray[np.float32]
    raw: dict[int, list[int]]
    subsampling: int
    is_grey: bool


def read_tables(blob: bytes) -> JpegTables | None:
    """Read how a JPEG was quantised; None where it is of a kind that is not followed here."""
    from PIL import JpegImagePlugin

    with Image.open(io.BytesIO(blob), formats=["JPEG"]) as image:
        raw = {key: list(table) for key, table in getattr(image, "quantization", {}).items()}
        subsampling = JpegImagePlugin.get_sampling(image)
        mode = image.mode
    if mode not in {"L", "RGB"} or not raw or subsampling not in {-1, 0, 1, 2}:
        return None
    luma = raw[min(raw)]
    chroma = raw[max(raw)]
    # Pillow gives and takes the tables row by row.
    return JpegTables(
        np.array(luma, np.float32).reshape(8, 8),
        np.array(chroma, np.float32).reshape(8, 8),
        raw,
        max(0, subsampling),
        mode == "L",
    )


def through_jpeg(rgb: NDArray[np.uint8], tables: JpegTables) -> NDArray[np.uint8]:
    """Save and open again with a file's own tables; (H, W, 3) to (H, W, 3)."""
    image = Image.fromarray(rgb)
    if tables.is_grey:
        image = image.convert("L")
    out = io.BytesIO()
    image.save(out, "JPEG", qtables=tables.raw, subsampling=tables.subsampling)
    with Image.open(out) as again:
        return np.asarray(again.convert("RGB"), np.uint8)


def beyond_cells(difference: Plane, steps: NDArray[np.float32]) -> Plane:
    """Leave of a difference (H, W) what half a step of quantisation does not explain.

    Args:
        difference: of the opened file and of what may have been saved.
        steps: of quantisation (8, 8).
    """
    blocks = _coefficients(difference)
    excess = np.sign(blocks) * np.maximum(0, np.abs(blocks) - steps / 2 - _ROUNDING)
    return _pixels(excess, difference.shape)


def beyond_steps(difference: Plane, saved: Plane, steps: NDArray[np.float32]) -> Plane:
    """Leave of a difference of two opened files what _UNSURE in the saved picture does not explain.

    Unlike `beyond_cells` it holds where ringing was cut off at black or white, for it was in both.

    Args:
        difference: of the opened file and of `saved`, saved and opened again.
        saved: what may have been saved (H, W).
        steps: of quantisation (8, 8).
    """
    blocks, exact = _coefficients(difference), _coefficients(saved)
    here = np.rint(exact / steps)
    lower = (np.rint((exact - _UNSURE) / steps) - here) * steps - _ROUNDING
    upper = (np.rint((exact + _UNSURE) / steps) - here) * steps + _ROUNDING
    excess = np.maximum(0, blocks - upper) + np.minimum(0, blocks - lower)
    return _pixels(excess, difference.shape)


def _coefficients(plane: Plane) -> NDArray[np.float32]:
    """(H, W) to (rows, columns, 8, 8); the last blocks are filled with the outermost pixels."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % BLOCK_PX), (0, -width % BLOCK_PX)), "edge")
    rows, columns = (side // BLOCK_PX for side in padded.shape)
    blocks = padded.reshape(rows, BLOCK_PX, columns, BLOCK_PX).transpose(0, 2, 1, 3)
    return np.asarray(_DCT @ blocks @ _DCT.T, np.float32)


def _pixels(blocks: NDArray[np.float32], shape: tuple[int, ...]) -> Plane:
    left = (_DCT.T @ blocks @ _DCT).transpose(0, 2, 1, 3)
    plane = left.reshape(blocks.shape[0] * BLOCK_PX, blocks.shape[1] * BLOCK_PX)
    return np.ascontiguousarray(plane[: shape[0], : shape[1]], np.float32)


def smaller_by_block(one: Plane, other: Plane) -> Plane:
    """Take each 8 x 8 block from the plane in which it holds less energy."""
    height, width = one.shape
    pads = ((0, -height % BLOCK_PX), (0, -width % BLOCK_PX))
    energies = []
    for plane in (one, other):
        padded = np.pad(plane**2, pads)
        rows, columns = (side // BLOCK_PX for side in padded.shape)
        energies.append(padded.reshape(rows, BLOCK_PX, columns, BLOCK_PX).sum(axis=(1, 3)))
    first = np.repeat(np.repeat(energies[0] <= energies[1], BLOCK_PX, 0), BLOCK_PX, 1)
    return np.where(first[:height, :width], one, other).astype(np.float32)
