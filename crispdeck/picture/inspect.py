"""Measure a picture from its header; no pixel is decoded and little is read."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from crispdeck.errors import UnsupportedPictureError
from crispdeck.picture.formats import SNIFF_BYTES, sniff
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.raster import inspect_raster

if TYPE_CHECKING:
    from crispdeck.picture.drawings import DrawnBitmap

__all__ = ["InspectedPicture", "PictureInfo", "inspect", "inspect_closely"]


@dataclass(frozen=True, eq=False)
class InspectedPicture:
    """A picture that was measured, and what was found for that and need not be searched again.

    Attributes:
        drawn: the bitmap in its drawing, where the file is one; `info.format` is the drawing's.
    """

    info: PictureInfo
    drawn: "DrawnBitmap | None" = None


def inspect(blob: bytes | BinaryIO) -> PictureInfo:
    """Measure a picture: its bytes, or a stream at its start that need not seek.

    A few KB are read, and behind them only what must be passed to get to the header's end;
    nothing of it is kept in memory.

    Raises:
        UnreadablePictureError: damaged, or not a picture at all.
        UnsupportedPictureError: a raster format that is not upscaled, or a drawing, unless it holds
            one bitmap and nothing else, which is measured in its place.
    """
    return inspect_closely(blob).info


def inspect_closely(blob: bytes | BinaryIO) -> InspectedPicture:
    """Measure a picture, and give the bitmap where it is a drawing; raises as `inspect`."""
    reader = ForwardReader(blob)
    found = sniff(reader.peek(SNIFF_BYTES))
    if not found.is_vector:
        return InspectedPicture(inspect_raster(blob, reader))
    # Here, since they load numpy: the headers of all other formats are read without.
    from crispdeck.picture.drawings import MAX_DRAWING_BYTES, find_bitmap

    whole = blob if isinstance(blob, bytes) else reader.peek(MAX_DRAWING_BYTES + 1)
    drawn = find_bitmap(whole, found)
    if drawn is None:
        raise UnsupportedPictureError(f"{found.label} pictures have no pixels to sharpen.")
    if drawn.put is None:
        raise UnsupportedPictureError(
            f"The bitmap in this {found.label} cannot be replaced by itself."
        )
    return InspectedPicture(replace(drawn.inspect(), format=found), drawn)
