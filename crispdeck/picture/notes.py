"""What a picture file says besides its pixels: EXIF, XMP, IPTC, text, and whose successor it is.

All of it is carried over as it is, so that date, copyright and orientation stay what they
were: pixels are never turned, so every viewer goes on showing them as before. Only the figures that
a larger picture makes untrue are set.
"""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from crispdeck.errors import PictureRefusedError, UnreadablePictureError
from crispdeck.picture import png_file
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.headers.exif import (
    ORIENTATION,
    X_RESOLUTION,
    Y_RESOLUTION,
    byte_order,
)
from crispdeck.picture.headers.modern import open_modern

_EXIF_PREFIX = b"Exif\0\0"
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_GAIN_MAP_MARKS = (b"hdrgm:Version", b"urn:iso:std:iso:ts:21496", b"apdi:AuxiliaryImageType")
"""Ultra HDR (Android), ISO 21496-1 and Apple's: a second picture says how bright the first gets."""

_ORIGINAL = re.compile(rb"crispdeck-original:([0-9a-f]{16})")
_APP1, _APP13, _APP2, _COM, _SOS = 0xE1, 0xED, 0xE2, 0xFE, 0xDA  # ITU-T T.81, table B.1
# Tags of Exif 3.0, 4.6.3 and 4.6.6.
_EXIF_IFD, _GPS_IFD, _PIXEL_X, _PIXEL_Y = 0x8769, 0x8825, 0xA002, 0xA003
_PHOTOSHOP, _IPTC = b"Photoshop 3.0\0", 0x0404
_TIFF_XMP = 700  # tag of XMP part 3, 1.1.3
TIFF_NOTES = (270, 271, 272, 306, 315, 33432)
"""Description, make, model, date, artist and copyright: all else in a TIFF is about its pixels."""
_SHORT = 3  # type of TIFF 6.0, section 2: a 16-bit integer
_RATIONAL = 5  # the same: two 32-bit integers


@dataclass(frozen=True)
class Notes:
    """What stands beside the pixels and goes with them.

    Attributes:
        exif: a TIFF structure without prefix, empty where there is none.
        xmp: an XML packet, empty where there is none.
        iptc: an IIM record, as Photoshop's segment of a JPEG holds it.
        texts: whole chunks of a PNG's text, or comments of a JPEG as whole segments.
        has_gain_map: a second picture made it brighter on some screens; it is not carried over.
        other_bytes: how much of other metadata there is, comments and text above all.
    """

    exif: bytes = field(default=b"", repr=False)
    xmp: bytes = field(default=b"", repr=False)
    iptc: bytes = field(default=b"", repr=False)
    texts: bytes = field(default=b"", repr=False)
    has_gain_map: bool = False
    other_bytes: int = 0

    @property
    def size_bytes(self) -> int:
        """How much it says in all."""
        carried = self.exif, self.xmp, self.iptc, self.texts
        return sum(len(one) for one in carried) + self.other_bytes


def read_notes(blob: bytes) -> Notes:
    """Read the notes of a picture file; what is damaged counts as not there."""
    reader = {
        PictureFormat.JPEG: _of_jpeg,
        PictureFormat.PNG: _of_png,
        PictureFormat.WEBP: _of_webp,
        PictureFormat.TIFF: _of_tiff,
        PictureFormat.AVIF: _of_modern,
        PictureFormat.HEIC: _of_modern,
    }.get(sniff(blob[:SNIFF_BYTES]))
    try:
        return reader(blob) if reader else Notes()
    except (PictureRefusedError, struct.error, IndexError):
        return Notes()


def original_mark(digest: str) -> bytes:
    """Say of which original (hex SHA-256) a file is the successor; 64 bits of it will do."""
    return b"crispdeck-original:" + digest[:16].encode()


def original_of(blob: bytes) -> str | None:
    """Return the first 16 digits of the original's SHA-256, None where the file names none."""
    found = _ORIGINAL.search(blob)
    return found[1].decode() if found else None


def grown_exif(exif: bytes, width_px: int, height_px: int, scale: float) -> bytes:
    """Return an EXIF block with the size and the resolution of a picture that grew.

    What cannot be read stays as it is.
    """
    grown = bytearray(exif)
    try:
        order = byte_order(exif)
        for at in _entries(exif, order, struct.unpack_from(order + "I", exif, 4)[0]):
            tag, kind, _, value = struct.unpack_from(order + "HHII", exif, at)
            if tag in {X_RESOLUTION, Y_RESOLUTION} and kind == _RATIONAL:
                # Read from the original and written into the copy: two tags may share one value,
                # which must not grow twice.
                above, below = struct.unpack_from(order + "II", exif, value)
                struct.pack_into(order + "II", grown, value, round(above * scale), below)
            if tag == _EXIF_IFD:
                _set_sizes(grown, order, value, {_PIXEL_X: width_px, _PIXEL_Y: height_px})
    except (UnreadablePictureError, struct.error):
        return exif
    return bytes(grown)


def orientation_only(orientation: int) -> bytes:
    """Return an EXIF block that says nothing but how to turn the pixels, 1 to 8."""
    entry = struct.pack("<HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)


def _set_sizes(exif: bytearray, order: str, offset: int, sizes: dict[int, int]) -> None:
    for at in _entries(exif, order, offset):
        tag, kind = struct.unpack_from(order + "HH", exif, at)
        layout = {3: "HH", 4: "I"}.get(kind)
        # What does not fit a 16-bit field stays as it was: a wrong size is worse than an old one.
        if tag in sizes and layout and sizes[tag] < (1 << 16 if kind == 3 else 1 << 32):
            values = (sizes[tag], 0) if kind == 3 else (sizes[tag],)
            struct.pack_into(order + layout, exif, at + 8, *values)


def _entries(exif: bytes | bytearray, order: str, offset: int) -> Iterator[int]:
    (count,) = struct.unpack_from(order + "H", exif, offset)
    yield from range(offset + 2, offset + 2 + count * 12, 12)


def _of_jpeg(blob: bytes) -> Notes:
    exif = xmp = iptc = comments = b""
    other, at = 0, 2
    while blob[at] == 0xFF and blob[at + 1] != _SOS:
        marker = blob[at + 1]
        end = at + 2 + max(2, int.from_bytes(blob[at + 2 : at + 4]))
        data = blob[at + 4 : end]
        if marker == _APP1 and data.startswith(_EXIF_PREFIX):
            exif = exif or data.removeprefix(_EXIF_PREFIX)
        elif marker == _APP1 and data.startswith(_XMP_PREFIX):
            xmp = xmp or data.removeprefix(_XMP_PREFIX)
        elif marker == _APP13 and data.startswith(_PHOTOSHOP):
            iptc = iptc or _iptc_of(data.removeprefix(_PHOTOSHOP))
        elif marker == _COM:
            comments += b"" if _ORIGINAL.search(data) else blob[at:end]
        elif _APP1 <= marker <= _APP13 and marker != _APP2:
            other += len(data)
        at = end
    head = blob[:at]
    has_gain_map = any(mark in head for mark in _GAIN_MAP_MARKS)
    # The packet would point to a second picture that is not there any more.
    xmp = b"" if has_gain_map else xmp
    return Notes(exif, xmp, iptc, comments, has_gain_map=has_gain_map, other_bytes=other)


def _iptc_of(resources: bytes) -> bytes:
    """Find the IIM record among Photoshop's resources: mark, number, name, length, data."""
    at = 0
    while resources[at : at + 4] == b"8BIM":
        (number,) = struct.unpack_from(">H", resources, at + 4)
        at += 6 + (resources[at + 6] + 2) // 2 * 2
        (size,) = struct.unpack_from(">I", resources, at)
        if number == _IPTC:
            return resources[at + 4 : at + 4 + size]
        at += 4 + (size + 1) // 2 * 2
    return b""


def _of_png(blob: bytes) -> Notes:
    exif = xmp = texts = b""
    for kind, data in png_file.sound_notes(blob):
        if kind == b"eXIf":
            exif = data
        elif kind == b"iTXt" and data.startswith(_XMP_KEYWORD + b"\0\0\0"):
            xmp = data[len(_XMP_KEYWORD) + 3 :].split(b"\0", 2)[-1]
        elif not _ORIGINAL.search(data):
            texts += png_file.chunk(kind, data)
    return Notes(exif, xmp, texts=texts)


def _of_webp(blob: bytes) -> Notes:
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(blob):
        kind, size = struct.unpack_from("<4sI", blob, at)
        found.setdefault(kind, blob[at + 8 : at + 8 + size])
        # RIFF chunks begin on even bytes.
        at += 8 + size + size % 2
    exif = found.get(b"EXIF", b"").removeprefix(_EXIF_PREFIX)
    return Notes(exif, found.get(b"XMP ", b""))


def _of_tiff(blob: bytes) -> Notes:
    """Take what a TIFF says of its picture and not of its pixels, as an EXIF block."""
    try:
        with Image.open(io.BytesIO(blob), formats=["TIFF"]) as image:
            return _notes_of(image.getexif())
    except Exception:
        # Pillow answers damage with whatever breaks; what cannot be read is not there.
        return Notes()


def _notes_of(found: Image.Exif) -> Notes:
    kept = Image.Exif()
    for tag in TIFF_NOTES:
        if tag in found:
            kept[tag] = found[tag]
    for tag in (_EXIF_IFD, _GPS_IFD):
        inner = found.get_ifd(tag)
        if inner:
            kept.get_ifd(tag).update(inner)
    xmp = found.get(_TIFF_XMP, b"")
    is_empty = not dict(kept) and not any(kept.get_ifd(tag) for tag in (_EXIF_IFD, _GPS_IFD))
    exif = b"" if is_empty else kept.tobytes().removeprefix(_EXIF_PREFIX)
    return Notes(exif, xmp if isinstance(xmp, bytes) else b"")


def _of_modern(blob: bytes) -> Notes:
    """Take EXIF and XMP of a file whose pixels are turned when they are read."""
    image = open_modern(blob, sniff(blob[:SNIFF_BYTES]))
    exif = bytes(image.info.get("exif") or b"").removeprefix(_EXIF_PREFIX)
    return Notes(_upright(exif), bytes(image.info.get("xmp") or b""))


def _upright(exif: bytes) -> bytes:
    """Return an EXIF block that does not turn the pixels; what cannot be read goes."""
    upright = bytearray(exif)
    try:
        order = byte_order(exif)
        for at in _entries(exif, order, struct.unpack_from(order + "I", exif, 4)[0]):
            if struct.unpack_from(order + "H", exif, at)[0] == ORIENTATION:
                struct.pack_into(order + "HIHH", upright, at + 2, _SHORT, 1, 1, 0)
    except (UnreadablePictureError, struct.error):
        return b""
    return bytes(upright)


def jpeg_segments(notes: Notes, mark: bytes) -> bytes:
    """Return the segments that carry notes, and the mark as a comment."""
    parts = [(_APP1, _EXIF_PREFIX + notes.exif)] if notes.exif else []
    if notes.xmp:
        parts.append((_APP1, _XMP_PREFIX + notes.xmp))
    if notes.iptc:
        head = struct.pack(">4sHHI", b"8BIM", _IPTC, 0, len(notes.iptc))
        padding = bytes(len(notes.iptc) % 2)
        parts.append((_APP13, _PHOTOSHOP + head + notes.iptc + padding))
    if mark:
        parts.append((_COM, mark))
    # A segment's length has 16 bits. Larger XMP is split in a way that few programs read: left out.
    fitting = [(marker, data) for marker, data in parts if len(data) < 0xFFFE]
    made = [struct.pack(">BBH", 0xFF, m, len(data) + 2) + data for m, data in fitting]
    return b"".join(made) + notes.texts


def png_chunks(notes: Notes, mark: bytes) -> bytes:
    """Return the chunks that carry notes, and the mark as text."""
    parts = [png_file.chunk(b"eXIf", notes.exif)] if notes.exif else []
    if notes.texts[:1] != b"\xff":  # a JPEG's comments have no place here
        parts.append(notes.texts)
    if notes.xmp:
        parts.append(png_file.chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + notes.xmp))
    if mark:
        parts.append(png_file.chunk(b"tEXt", b"Source\0" + mark))
    return b"".join(parts)


def tiff_notes(notes: Notes) -> dict[int, Any]:
    """Return the tags of a TIFF's own directory that carry notes."""
    exif = Image.Exif()
    exif.load(notes.exif)
    return {tag: exif[tag] for tag in TIFF_NOTES if tag in exif}
