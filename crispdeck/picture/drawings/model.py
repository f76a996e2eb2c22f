"""A bitmap inside a drawing, and what takes its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.premultiplied import straight
from crispdeck.picture.raster import inspect_raster

T = TypeVar("T")

MAX_RECORDS = 100_000
"""Records of a metafile, and as many again in its EMF+ part; with more it is not looked through.
Programs write an image in records of some 64 KB, a thousand for the largest file."""


@dataclass(frozen=True, eq=False)
class NewBitmap:
    """What takes a bitmap's place, in whatever way a drawing holds it.

    Attributes:
        pixels: as large as they shall be.
        small: those that they were made of, whose flat colours have to stay.
        file: writes them as a file, and says its media type.
    """

    pixels: Pixels
    small: Pixels
    file: Callable[[], tuple[bytes, str]] = field(repr=False)


Put = Callable[[NewBitmap], bytes]
"""Writes the drawing with another bitmap."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RawBitmap:
    """Rows of blue, green, red and perhaps alpha, 8 bits each, as no file format holds them.

    Attributes:
        rows: at least `stride_bytes` for each row.
        stride_bytes: from one row to the next.
        pixel_bytes: 3, or 4 with a fourth sample that is alpha or counts for nothing.
        has_alpha: the fourth is alpha.
        is_premultiplied: colours were multiplied by it.
        from_top: the first row stored is the uppermost.
    """

    width_px: int
    height_px: int
    rows: memoryview = field(repr=False)
    stride_bytes: int
    pixel_bytes: int = 4
    has_alpha: bool
    is_premultiplied: bool = False
    from_top: bool = True

    def __post_init__(self) -> None:
        is_wide = self.stride_bytes >= self.width_px * self.pixel_bytes
        is_long = len(self.rows) >= self.stride_bytes * self.height_px
        if self.width_px <= 0 or self.height_px <= 0 or not is_wide or not is_long:
            raise UnreadablePictureError("The bitmap ends before its last row.")

    def inspect(self) -> PictureInfo:
        """Return what a PNG of it would say of itself."""
        return PictureInfo(
            format=PictureFormat.PNG,
            width_px=self.width_px,
            height_px=self.height_px,
            mode="RGBA" if self.has_alpha else "RGB",
            has_alpha=self.has_alpha,
        )

    def pixels(self) -> Pixels:
        """Return its pixels, straight."""
        row_bytes = self.width_px * self.pixel_bytes
        stored = np.frombuffer(self.rows[: self.stride_bytes * self.height_px], np.uint8)
        cut = stored.reshape(self.height_px, self.stride_bytes)[:, :row_bytes]
        upright = (cut if self.from_top else cut[::-1]).reshape(self.height_px, self.width_px, -1)
        colour = upright[..., 2::-1]
        if not self.has_alpha:
            return Pixels(np.ascontiguousarray(colour))
        alpha = np.ascontiguousarray(upright[..., 3])
        if self.is_premultiplied:
            return straight(Pixels(colour, alpha))
        return Pixels(np.ascontiguousarray(colour), alpha)


@dataclass(frozen=True)
class DrawnBitmap:
    """The one bitmap of a drawing.

    Attributes:
        picture: it as a file of its own, or its pixels as the drawing holds them.
        put: None where the drawing would change in more than its sharpness: only a part of the
            bitmap is shown, it is combined with what lies below, or its pixels set its size.
    """

    picture: bytes | RawBitmap = field(repr=False)
    put: Put | None = field(default=None, repr=False)

    def inspect(self) -> PictureInfo:
        """Measure it; no pixel is decoded.

        Raises:
            PictureRefusedError: it is damaged.
        """
        return measure(self.picture)


def measure(picture: bytes | RawBitmap) -> PictureInfo:
    """Measure a picture in a drawing, a file of its own or raw; raises as `inspect_raster`."""
    if isinstance(picture, RawBitmap):
        return picture.inspect()
    return inspect_raster(picture)


Changes = Callable[[NewBitmap], Mapping[int, bytes]]
"""Gives other records by the offsets of those whose place they take; an empty one goes."""


@dataclass(frozen=True)
class RecordBitmap:
    """A bitmap that a record of a metafile draws; without changes it cannot be replaced."""

    picture: bytes | RawBitmap = field(repr=False)
    changes: Changes | None = field(default=None, repr=False)


def counted(records: Iterable[T]) -> Iterator[T]:
    """Give records on.

    Raises:
        UnreadablePictureError: more than MAX_RECORDS.
    """
    for count, one in enumerate(records):
        if count >= MAX_RECORDS:
            raise UnreadablePictureError("The drawing has far more records than any real one.")
        yield one
