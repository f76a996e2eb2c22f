"""Measure AVIF, HEIC and JPEG 2000, whose boxes Pillow reads; no pixel is decoded."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.exif import ORIENTATION
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

MAX_FILE_BYTES = 32 * 2**20
"""A file of these kinds is held whole while it is measured."""

_JP2_START = b"\xff\x4f\xff\x51"
_BYTE_BITS = 8  # bits of a sample where the file says nothing
_FIRST_ON_ITS_SIDE = 5
"""EXIF's orientations from 5 on swap width and height."""

_PILLOW = {PictureFormat.AVIF: "AVIF", PictureFormat.JP2: "JPEG2000", PictureFormat.HEIC: "HEIF"}


def open_modern(blob: bytes, found: PictureFormat) -> Image.Image:
    """Open a file lazily, with the one decoder that its format needs.

    Raises:
        UnreadablePictureError: damaged.
    """
    if found is PictureFormat.HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            # The caller has limits of its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(blob), formats=[_PILLOW[found]])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadablePictureError(f"The {found.label} cannot be read.") from error
    except Image.DecompressionBombError as error:
        raise UnsupportedPictureError("The picture has far too many pixels.") from error


def turn_of(image: Image.Image) -> int:
    """Return how an AVIF's pixels are to be turned (EXIF's numbers, 1 to 8).

    Every viewer turns them, for the file's own boxes say so (ISO/IEC 23008-12, 6.5.10 and 12);
    libheif has done so already.
    """
    found = image.getexif().get(ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def _jp2_bits(blob: bytes) -> int:
    """Return the depth of the first component, by the SIZ marker (ISO/IEC 15444-1, A.5.1)."""
    at = blob.find(_JP2_START)
    return (blob[at + 42] & 0x7F) + 1 if 0 <= at < len(blob) - 42 else _BYTE_BITS


def inspect_modern(reader: ForwardReader, found: PictureFormat) -> PictureInfo:
    """Measure a file."""
    blob = reader.peek(MAX_FILE_BYTES + 1)
    if len(blob) > MAX_FILE_BYTES:
        raise UnsupportedPictureError(f"The {found.label} is too large to be measured.")
    image = open_modern(blob, found)
    width_px, height_px = image.size
    if turn_of(image) >= _FIRST_ON_ITS_SIDE:
        width_px, height_px = height_px, width_px
    if image.mode not in {"L", "LA", "RGB", "RGBA", "I;16"}:
        raise UnsupportedPictureError(f"{found.label} files of this rare kind are not sharpened.")
    if found is PictureFormat.JP2 and image.mode != "I;16" and _jp2_bits(blob) > _BYTE_BITS:
        # Pillow rounds its brightest samples up to 256, which are 0 then: white comes out black.
        raise UnsupportedPictureError("A JPEG 2000 of 16 bits in colour, which is not sharpened.")
    sixteen = image.mode == "I;16"
    return PictureInfo(
        format=found,
        width_px=width_px,
        height_px=height_px,
        mode="L" if sixteen else image.mode,
        bits=16 if sixteen else 8,
        has_alpha=image.mode in {"LA", "RGBA"},
        frames=getattr(image, "n_frames", 1),
        has_icc=bool(image.info.get("icc_profile")),
    )
