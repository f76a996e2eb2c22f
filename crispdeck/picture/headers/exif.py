"""Read a few tags of a TIFF directory, as TIFF files and EXIF blocks hold them; no pixels."""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from crispdeck.errors import UnreadablePictureError

ORIENTATION = 274  # tag of TIFF 6.0, section 8; values 1 to 8
X_RESOLUTION = 282  # tag of TIFF 6.0, section 8; pixels per unit, across
Y_RESOLUTION = 283  # the same, down
RESOLUTION_UNIT = 296  # tag of TIFF 6.0, section 8: 2 inch, 3 centimetre

_TYPE_FORMATS = {1: "B", 3: "H", 4: "I"}
_RATIONAL = 5  # type of TIFF 6.0, section 2: two 32-bit integers
_MAX_VALUES = 16  # values read of one tag; the tags that are asked have at most four
CM_PER_INCH = 2.54  # exact


@dataclass(frozen=True)
class Directory:
    """One image file directory (TIFF 6.0, section 2): whole numbers and fractions by tag."""

    values: Mapping[int, tuple[float, ...]]
    present: frozenset[int]
    """All tags, those of other types too."""
    next_offset: int

    def number(self, tag: int, default: int = 0) -> int:
        """Return the first value of a tag."""
        return int(self.values.get(tag, (default,))[0])

    @property
    def orientation(self) -> int:
        """EXIF orientation, 1 where it is missing or makes no sense."""
        found = self.number(ORIENTATION, 1)
        return found if 1 <= found <= 8 else 1

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Dots per inch, None where there are none."""
        factor = {2: 1.0, 3: CM_PER_INCH}.get(self.number(RESOLUTION_UNIT, 2))
        across = self.values.get(X_RESOLUTION, (0.0,))[0]
        down = self.values.get(Y_RESOLUTION, (0.0,))[0]
        return (across * factor, down * factor) if factor and across and down else None


def byte_order(head: bytes) -> str:
    """Return the `struct` sign of the byte order.

    Raises:
        UnreadablePictureError: not the start of a TIFF.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4])
    if order is None:
        raise UnreadablePictureError("Not a TIFF directory.")
    return order


def read_directory(stream: BinaryIO, order: str, offset: int) -> Directory:
    """Read one directory of a seekable stream.

    Raises:
        UnreadablePictureError: the stream ends inside.
    """
    (count,) = struct.unpack(order + "H", _read_at(stream, offset, 2))
    data = _read_at(stream, offset + 2, count * 12)
    tail = stream.read(4)
    values: dict[int, tuple[float, ...]] = {}
    present: set[int] = set()
    for start in range(0, count * 12, 12):
        entry = data[start : start + 12]
        tag, kind, length = struct.unpack(order + "HHI", entry[:8])
        present.add(tag)
        found = _values(stream, order, kind, length, entry[8:])
        if found:
            values[tag] = found
    following = struct.unpack(order + "I", tail)[0] if len(tail) == 4 else 0
    return Directory(values, frozenset(present), following)


def orientation_of(exif: bytes) -> int:
    """Return the orientation in an EXIF block (with its "Exif" prefix or without), 1 if none."""
    directory = read_exif(exif)
    return directory.orientation if directory else 1


def read_exif(exif: bytes) -> Directory | None:
    """Read the first directory of an EXIF block; None where it is damaged: it never matters."""
    exif = exif.removeprefix(b"Exif\0\0")
    try:
        order = byte_order(exif)
        offset = struct.unpack(order + "I", exif[4:8])[0]
        return read_directory(io.BytesIO(exif), order, offset)
    except (UnreadablePictureError, struct.error):
        return None


def _values(
    stream: BinaryIO, order: str, kind: int, length: int, inline: bytes
) -> tuple[float, ...]:
    length = min(length, _MAX_VALUES)
    if kind == _RATIONAL:
        return _rationals(stream, order, length, inline)
    if kind not in _TYPE_FORMATS:
        return ()
    layout = f"{order}{length}{_TYPE_FORMATS[kind]}"
    size = struct.calcsize(layout)
    if size > 4:
        offset = struct.unpack(order + "I", inline)[0]
        return struct.unpack(layout, _read_at(stream, offset, size))
    return struct.unpack(layout, inline[:size])


def _rationals(stream: BinaryIO, order: str, length: int, inline: bytes) -> tuple[float, ...]:
    offset = struct.unpack(order + "I", inline)[0]
    data = struct.unpack(f"{order}{length * 2}I", _read_at(stream, offset, length * 8))
    pairs = zip(data[::2], data[1::2], strict=True)
    return tuple(above / below if below else 0.0 for above, below in pairs)


def _read_at(stream: BinaryIO, offset: int, count: int) -> bytes:
    stream.seek(offset)
    data = stream.read(count)
    if len(data) < count:
        raise UnreadablePictureError("The TIFF ends too early.")
    return data
