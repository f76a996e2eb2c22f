"""A bitmap inside a drawing, and what takes its place; plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crispdeck.picture.pixels import Pixels


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


@dataclass(frozen=True)
class DrawnBitmap:
    """The one bitmap of a drawing.

    Attributes:
        picture: it as a file of its own.
        put: None where the drawing would change in more than its sharpness: only a part of the
            bitmap is shown, it is combined with what lies below, or its pixels set its size.
    """

    picture: bytes = field(repr=False)
    put: Put | None = field(default=None, repr=False)


Changes = Callable[[NewBitmap], Mapping[int, bytes]]
"""Gives other records by the offsets of those whose place they take; an empty one goes."""


@dataclass(frozen=True)
class RecordBitmap:
    """A bitmap that a record of a metafile draws; without changes it cannot be replaced."""

    picture: bytes = field(repr=False)
    changes: Changes | None = field(default=None, repr=False)
