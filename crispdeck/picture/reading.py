"""Decode picture files into pixels; Pillow does the work and is given nothing it does not need."""

import hashlib
import io
import struct
import sys
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from crispdeck.errors import (
    CrispdeckError,
    PictureTooLargeError,
    UnreadablePictureError,
    UnsupportedPictureError,
)
from crispdeck.picture import jpeg_file, png_file
from crispdeck.picture.bmp_file import read_masked
from crispdeck.picture.compression import LOSSLESS, LOSSY_WEBP, compression_of
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.drawings import DrawnBitmap, RawBitmap
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.bmp import read_bmp_header
from crispdeck.picture.headers.exif import ORIENTATION
from crispdeck.picture.headers.gif import read_layout, with_screen
from crispdeck.picture.headers.modern import open_modern
from crispdeck.picture.headers.png import read_png_header
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.headers.tiff import PHOTOMETRIC, is_white_zero, with_tags
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import InspectedPicture, inspect_closely
from crispdeck.picture.notes import read_notes
from crispdeck.picture.pixels import Pixels, Samples
from crispdeck.picture.premultiplied import straight
from crispdeck.picture.source_notes import SourceNote

_OTHER_BYTE_ORDER = {"L": "B", "B": "L", "N": "B" if sys.byteorder == "little" else "L"}


def decode(blob: bytes, *, max_px: int) -> DecodedPicture:
    """Decode a picture.

    16 bits stay 16 bits and CMYK JPEGs stay CMYK; palettes become RGB, a transparent colour
    becomes alpha, CMYK TIFFs become sRGB. EXIF orientation is not applied: PowerPoint shows the
    pixels as stored.

    Raises:
        PictureTooLargeError: more than `max_px` pixels; found out before any is decoded.
        UnsupportedPictureError: animated, a drawing that holds more than one bitmap, or a mode
            that no deck holds.
        UnreadablePictureError: damaged or truncated.
    """
    return decode_inspected(blob, inspect_closely(blob), max_px=max_px)


def decode_inspected(blob: bytes, found: InspectedPicture, *, max_px: int) -> DecodedPicture:
    """Decode a picture that `inspect_closely` has seen; a drawing is not searched again."""
    check_size(found.info, max_px=max_px)
    digest = hashlib.sha256(blob).hexdigest()
    if found.drawn is not None:
        return replace(_read_drawing(found.drawn, found.info), digest=digest)
    try:
        decoded = _READERS[found.info.format](blob, found.info)
    except (CrispdeckError, MemoryError):
        raise
    except Exception as error:
        # Pillow answers damage with whatever breaks: OSError, SyntaxError, KeyError, struct.error…
        raise UnreadablePictureError("The picture is damaged.") from error
    return replace(decoded, notes=read_notes(blob), digest=digest)


def check_size(info: PictureInfo, *, max_px: int) -> None:
    """Check that a picture has one frame and is small enough to be decoded; raises as `decode`."""
    if info.frames > 1:
        raise UnsupportedPictureError("The picture is animated or has several pages.")
    if info.px > min(max_px, Image.MAX_IMAGE_PIXELS or max_px):
        raise PictureTooLargeError(
            f"The picture has {info.px / 1e6:.1f} million pixels; "
            f"at most {max_px / 1e6:.1f} million are taken."
        )


def open_lazily(blob: bytes, info: PictureInfo) -> Image.Image:
    """Open lazily, with one decoder only, and hold Pillow to the size that was checked."""
    try:
        image = Image.open(io.BytesIO(blob), formats=[info.format.value.upper()])
    except (UnidentifiedImageError, SyntaxError, KeyError, NotImplementedError) as error:
        # The header makes sense, or it would not have been measured: it is a kind of its own.
        raise UnsupportedPictureError(
            f"{info.format.label} files of this rare kind are not sharpened."
        ) from error
    # The limits were checked on our reading of the header: a decoder that reads another size is not
    # let go on.
    if image.size != (info.width_px, info.height_px):
        raise UnreadablePictureError("The picture's headers contradict each other.")
    return image


def _read_png(blob: bytes, info: PictureInfo) -> DecodedPicture:
    parts = list(png_file.chunks(blob))
    repairs = png_file.damage(blob)
    # A sound file goes to the decoder as it is; only a damaged one is put together anew.
    if not repairs:
        try:
            return _of_chunks(parts, info, ())
        except (OSError, SyntaxError, ValueError):
            # zlib's own checksum is wrong, or pixels are missing.
            repairs = (SourceNote.WRONG_CHECKSUM,)
    return _of_chunks(png_file.whole_pixels(parts, _rows_bytes(parts)), info, repairs)


def _of_chunks(
    parts: list[tuple[bytes, bytes]], info: PictureInfo, repairs: tuple[SourceNote, ...]
) -> DecodedPicture:
    bare = png_file.bare_png(parts)
    chunks = dict(parts)
    # For a palette tRNS is a list of alphas, which Pillow applies; here it is one clear colour.
    key = chunks.get(b"tRNS") if info.mode in {"1", "L", "RGB"} else None
    if info.bits == 16:
        samples = _png16(bare, parts, info)
        pixels = _split(samples)
    else:
        pixels = _pixels(open_lazily(bare, info))
    if key is not None:
        pixels = _keyed(pixels, key, info.bits)
    return DecodedPicture(
        pixels=pixels,
        info=info,
        icc=png_file.icc_of(parts),
        colour_chunks=png_file.colour_chunks(parts),
        repairs=repairs,
    )


def _rows_bytes(parts: list[tuple[bytes, bytes]]) -> int:
    header = read_png_header(dict(parts).get(b"IHDR", b""))
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[header.colour_type]
    return png_file.rows_bytes(
        header.width_px,
        header.height_px,
        samples * header.bits,
        interlaced=header.interlaced,
    )


def _png16(bare: bytes, parts: list[tuple[bytes, bytes]], info: PictureInfo) -> NDArray[np.uint16]:
    """Decode 16-bit samples as (H, W, C)."""
    if info.mode == "L":
        return np.asarray(open_lazily(bare, info)).astype(np.uint16)[..., None]
    if info.mode == "LA":
        # The same bytes, declared as 8-bit RGBA: four bytes a pixel, so all filters fit.
        header = struct.pack(">IIBB", info.width_px, info.height_px, 8, 6)
        again = [(k, header + data[10:] if k == b"IHDR" else data) for k, data in parts]
        quads = np.asarray(open_lazily(png_file.bare_png(again), info), np.uint16)
        return _joined(quads[..., 0::2], quads[..., 1::2])
    return _sixteen_bits(bare, info)


def _sixteen_bits(blob: bytes, info: PictureInfo) -> NDArray[np.uint16]:
    """Decode 16-bit colour, of which Pillow keeps the upper 8 bits only.

    So it is decoded twice, the second time with the bytes of each sample taken for swapped.
    """
    upper = open_lazily(blob, info)
    lower = open_lazily(blob, info)
    raw_mode = _raw_mode(upper).replace("a", "A")
    swapped = raw_mode[:-1] + _OTHER_BYTE_ORDER[raw_mode[-1]]
    _set_raw_mode(upper, raw_mode)
    _set_raw_mode(lower, swapped)
    return _joined(np.asarray(upper, np.uint16), np.asarray(lower, np.uint16))


def _joined(upper: NDArray[np.uint16], lower: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return (upper << 8 | lower).astype(np.uint16)


def _raw_mode(image: Any) -> str:
    args = image.tile[0].args
    return str(args if isinstance(args, str) else args[0])


def _set_raw_mode(image: Any, raw_mode: str) -> None:
    def changed(args: Any) -> Any:
        return raw_mode if isinstance(args, str) else (raw_mode, *args[1:])

    image.tile = [tile._replace(args=changed(tile.args)) for tile in image.tile]


def _keyed(pixels: Pixels, key: bytes, bits: int) -> Pixels:
    """Make alpha from the one transparent colour of tRNS (PNG, clause 11.3.2.1)."""
    count = pixels.colour.shape[2]
    # Samples below 8 bits were stretched to 0..255 by the decoder; 16 bits were kept.
    stretch = 1 if bits == 16 else 255 // ((1 << bits) - 1)
    top = (1 << bits) - 1
    # Only the low bits count (PNG, 11.3.2.1).
    values = [(value & top) * stretch for value in struct.unpack(f">{count}H", key[: count * 2])]
    clear = (pixels.colour == np.array(values)).all(axis=2)
    alpha = np.where(clear, 0, pixels.max_value).astype(pixels.colour.dtype)
    return Pixels(pixels.colour, cast("Samples", alpha))


def _read_jpeg(blob: bytes, info: PictureInfo) -> DecodedPicture:
    parts = jpeg_file.take_apart(blob)
    bare = parts.bare
    jpeg_file.check_scans(bare)
    repairs: tuple[SourceNote, ...] = ()
    if not parts.has_end:
        bare, repairs = _with_end(parts.bare, info), (SourceNote.NO_END,)
    image: Any = open_lazily(bare, info)
    pixels = _pixels(image)
    if info.mode == "CMYK" and not parts.has_adobe:
        # Pillow takes all for inverted; only Adobe's are.
        pixels = Pixels(255 - pixels.colour)
    return DecodedPicture(
        pixels=pixels,
        info=info,
        icc=parts.icc,
        jpeg_quality=jpeg_file.quality_of(image.quantization[min(image.quantization)]),
        lossless=False,
        compression=compression_of(image.quantization),
        has_adobe=parts.has_adobe,
        repairs=repairs,
    )


def _with_end(bare: bytes, info: PictureInfo) -> bytes:
    """Return a JPEG without its end marker with one, if no pixel is missing.

    Where the last ones are missing the decoder makes them of whatever follows, so two different
    endings give two different pictures.

    Raises:
        UnreadablePictureError: the file is cut off.
    """
    endings = (b"\xff\xd9", bytes(range(1, 255)) * 4 + b"\xff\xd9")
    first, second = (np.asarray(open_lazily(bare + ending, info)) for ending in endings)
    if not jpeg_file.has_all_scans(bare) or not np.array_equal(first, second):
        raise UnreadablePictureError("The JPEG ends before its last pixel.")
    return bare + endings[0]


def _read_tiff(blob: bytes, info: PictureInfo) -> DecodedPicture:
    blob = with_tags(blob, {ORIENTATION: 1})
    if info.bits == 16 and info.mode == "L" and is_white_zero(blob):
        # Pillow turns 1 to 8 bits round and 16 bits not, or does not read them at all.
        inverted = _pixels(open_lazily(with_tags(blob, {PHOTOMETRIC: 1}), info))
        return DecodedPicture(pixels=Pixels(65535 - inverted.colour), info=info)
    image = open_lazily(blob, info)
    icc = image.info.get("icc_profile")
    if info.mode == "CMYK":
        return DecodedPicture(pixels=_pixels(_to_srgb(image, icc)), info=info)
    if info.bits == 16 and info.mode in {"RGB", "RGBA"}:
        if ";16" not in _raw_mode(image):
            raise UnsupportedPictureError(
                "TIFFs of 16 bits whose channels lie apart are not sharpened."
            )
        premultiplied = "a" in _raw_mode(image)
        pixels = _split(_sixteen_bits(blob, info))
        return DecodedPicture(
            pixels=straight(pixels) if premultiplied else pixels, info=info, icc=icc
        )
    return DecodedPicture(pixels=_pixels(image), info=info, icc=icc)


def _to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """PNG, which TIFFs become, holds no CMYK."""
    if icc is None:
        return image.convert("RGB")
    converted = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    return converted or image.convert("RGB")


def _read_webp(blob: bytes, info: PictureInfo) -> DecodedPicture:
    image = open_lazily(blob, info)
    pixels = _pixels(image)
    lossless = b"VP8L" in blob[12:256]
    return DecodedPicture(
        pixels=pixels,
        info=info,
        icc=image.info.get("icc_profile"),
        lossless=lossless,
        compression=LOSSLESS if lossless else LOSSY_WEBP,
    )


def _read_gif(blob: bytes, info: PictureInfo) -> DecodedPicture:
    layout = read_layout(ForwardReader(blob))
    grows = blob[6:10] != with_screen(blob, layout)[6:10]
    repairs: tuple[SourceNote, ...] = (SourceNote.SMALL_SCREEN,) if grows else ()
    repairs += () if layout.is_tidy else (SourceNote.STRAY_BYTES,)
    pixels = _pixels(open_lazily(with_screen(blob, layout), info))
    if not layout.is_covered and not layout.has_clear_colour:
        # Browsers leave clear what no frame covers; Pillow paints it.
        left, top, right, bottom = layout.frame
        alpha = np.zeros(pixels.colour.shape[:2], np.uint8)
        alpha[top:bottom, left:right] = 255
        pixels = Pixels(pixels.colour, alpha)
    return DecodedPicture(pixels=pixels, info=info, repairs=repairs)


def _read_bmp(blob: bytes, info: PictureInfo) -> DecodedPicture:
    header = read_bmp_header(ForwardReader(blob[14:]))
    if header.masks and header.compression in {0, 3, 6}:
        return DecodedPicture(pixels=Pixels(read_masked(blob, header)), info=info)
    return DecodedPicture(pixels=_pixels(open_lazily(blob, info)), info=info)


def _read_modern(blob: bytes, info: PictureInfo) -> DecodedPicture:
    image = open_modern(blob, info.format)
    # Other formats keep their pixels as stored; here every viewer turns them, so they are turned.
    image = ImageOps.exif_transpose(image)
    if image.size != (info.width_px, info.height_px):
        raise UnreadablePictureError("The picture's headers contradict each other.")
    return DecodedPicture(
        pixels=_pixels(image),
        info=info,
        icc=image.info.get("icc_profile"),
        lossless=False,
        compression=LOSSY_WEBP,
    )


def _read_drawing(drawn: DrawnBitmap, info: PictureInfo) -> DecodedPicture:
    if isinstance(drawn.picture, RawBitmap):
        return DecodedPicture(pixels=drawn.picture.pixels(), info=info, drawn=drawn)
    return replace(decode(drawn.picture, max_px=info.px), info=info, drawn=drawn)


_READERS = {
    PictureFormat.AVIF: _read_modern,
    PictureFormat.HEIC: _read_modern,
    PictureFormat.JP2: _read_modern,
    PictureFormat.PNG: _read_png,
    PictureFormat.JPEG: _read_jpeg,
    PictureFormat.TIFF: _read_tiff,
    PictureFormat.WEBP: _read_webp,
    PictureFormat.GIF: _read_gif,
    PictureFormat.BMP: _read_bmp,
}


def _pixels(image: Image.Image) -> Pixels:
    """Decode up to 8 bits (16 for grey) and bring the mode to grey, RGB or CMYK, with alpha."""
    image.load()
    if image.mode in {"P", "PA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in {"RGBX", "YCbCr", "RGBa", "La"}:
        image = image.convert({"RGBa": "RGBA", "La": "LA"}.get(image.mode, "RGB"))
    if image.mode.startswith("I;16"):
        return _split(np.asarray(image).astype(np.uint16)[..., None])
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        raise UnsupportedPictureError(f"Pictures of the mode {image.mode} are not sharpened.")
    samples = np.array(image, np.uint8)
    samples = samples[..., None] if samples.ndim == 2 else samples
    return Pixels(samples) if image.mode == "CMYK" else _split(samples)


def _split(samples: Samples) -> Pixels:
    """Part (H, W, C) samples: with 2 or 4 of them the last is alpha."""
    if samples.shape[2] % 2:
        return Pixels(samples)
    colour, alpha = samples[..., :-1], samples[..., -1]
    return Pixels(
        cast("Samples", np.ascontiguousarray(colour)), cast("Samples", np.ascontiguousarray(alpha))
    )
