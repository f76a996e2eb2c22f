"""Measure AVIF, HEIC and JPEG 2000, whose boxes Pillow reads; no pixel is decoded."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from crispdeck.errors import UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

MAX_FILE_BYTES = 32 * 2**20
"""A file of these kinds is held whole while it is measured."""

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
        raise UnreadablePictureError(f"The {found.value.upper()} cannot be read.") from error
    except Image.DecompressionBombError as error:
        raise UnsupportedPictureError("The picture has far too many pixels.") from error


def inspect_modern(reader: ForwardReader, found: PictureFormat) -> PictureInfo:
    """Measure a file."""
    blob = reader.peek(MAX_FILE_BYTES + 1)
    if len(blob) > MAX_FILE_BYTES:
        raise UnsupportedPictureError(f"The {found.value.upper()} is too large to be measured.")
    image = open_modern(blob, found)
    if image.mode not in {"L", "LA", "RGB", "RGBA", "I;16"}:
        raise UnsupportedPictureError(
            f"{found.value.upper()} files of this rare kind are not sharpened."
        )
    sixteen = image.mode == "I;16"
    return PictureInfo(
        format=found,
        width_px=image.width,
        height_px=image.height,
        mode="L" if sixteen else image.mode,
        bits=16 if sixteen else 8,
        has_alpha=image.mode in {"LA", "RGBA"},
        frames=getattr(image, "n_frames", 1),
        has_icc=bool(image.info.get("icc_profile")),
    )
