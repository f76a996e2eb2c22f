"""Unpack the BMPs of 16 and 32 bits, whose colours may lie anywhere in a pixel (wingdi.h)."""

import struct

import numpy as np
from numpy.typing import NDArray

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.headers.bmp import BmpHeader

_FILE_HEADER_BYTES = 14  # BITMAPFILEHEADER (wingdi.h)


def read_masked(blob: bytes, header: BmpHeader) -> NDArray[np.uint8]:
    """Return the colours (H, W, 3) of an unpacked BMP of 16 or 32 bits.

    Raises:
        UnreadablePictureError: the file ends before its last row.
    """
    (start,) = struct.unpack_from("<I", blob, 10)
    least = _FILE_HEADER_BYTES + header.size_bytes + header.mask_bytes
    start = start if least <= start < len(blob) else least
    pixel = np.dtype("<u2" if header.bits == 16 else "<u4")
    row_bytes = (header.width_px * pixel.itemsize + 3) // 4 * 4
    # The last row's padding may be missing.
    size_bytes = row_bytes * (header.height_px - 1) + header.width_px * pixel.itemsize
    data = blob[start : start + size_bytes]
    if len(data) < size_bytes:
        raise UnreadablePictureError("The BMP ends before its last row.")
    padded = data.ljust(row_bytes * header.height_px, b"\0")
    rows = np.frombuffer(padded, np.uint8).reshape(header.height_px, row_bytes)
    values = rows[:, : header.width_px * pixel.itemsize].copy().view(pixel)
    upright = values if header.from_top else values[::-1]
    return np.dstack([_channel(upright, mask) for mask in header.masks])


def _channel(values: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """Give the bits of a mask as 0 to 255."""
    if not mask:
        return np.zeros(values.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    top = mask >> shift
    samples = (values & np.uint32(mask)).astype(np.uint32) >> np.uint32(shift)
    found: NDArray[np.uint8] = np.rint(samples * (255 / top)).astype(np.uint8)
    return found
