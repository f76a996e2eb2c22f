"""What kind of picture some bytes are, by their first bytes alone; nothing is decoded."""

import struct
import zlib
from enum import StrEnum

SNIFF_BYTES = 1024
"""How many first bytes `sniff` wants: enough for an SVG behind a comment."""


class PictureFormat(StrEnum):
    """The formats that decks hold (ECMA-376 leaves them open; these are what was seen)."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    WEBP = "webp"
    EMF = "emf"
    WMF = "wmf"
    SVG = "svg"
    WDP = "wdp"
    PDF = "pdf"
    UNKNOWN = "unknown"

    @property
    def is_vector(self) -> bool:
        """Drawn at any size: never low-resolution."""
        return self in {PictureFormat.EMF, PictureFormat.WMF, PictureFormat.SVG, PictureFormat.PDF}

    @property
    def is_raster(self) -> bool:
        """Made of pixels that `inspect` can measure and `decode` can read."""
        return self in _RASTER

    @property
    def content_type(self) -> str:
        """The media type that PowerPoint itself writes into [Content_Types].xml."""
        return _CONTENT_TYPES[self]

    @property
    def extension(self) -> str:
        """The file name's ending that PowerPoint uses, without the dot."""
        return _EXTENSIONS.get(self, self.value)


_RASTER = {
    PictureFormat.PNG,
    PictureFormat.JPEG,
    PictureFormat.GIF,
    PictureFormat.BMP,
    PictureFormat.TIFF,
    PictureFormat.WEBP,
}

_CONTENT_TYPES = {
    PictureFormat.PNG: "image/png",
    PictureFormat.JPEG: "image/jpeg",
    PictureFormat.GIF: "image/gif",
    PictureFormat.BMP: "image/bmp",
    PictureFormat.TIFF: "image/tiff",
    PictureFormat.WEBP: "image/webp",
    PictureFormat.EMF: "image/x-emf",
    PictureFormat.WMF: "image/x-wmf",
    PictureFormat.SVG: "image/svg+xml",
    PictureFormat.WDP: "image/vnd.ms-photo",
    PictureFormat.PDF: "application/pdf",
    PictureFormat.UNKNOWN: "application/octet-stream",
}

_EXTENSIONS = {PictureFormat.UNKNOWN: "bin"}

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (b"\xff\xd8\xff", PictureFormat.JPEG),
    (b"GIF87a", PictureFormat.GIF),
    (b"GIF89a", PictureFormat.GIF),
    # JPEG XR starts like a TIFF with version 0xBC instead of 42.
    (b"II\xbc", PictureFormat.WDP),
    (b"II*\0", PictureFormat.TIFF),
    (b"MM\0*", PictureFormat.TIFF),
    (b"%PDF-", PictureFormat.PDF),
    # The "placeable" header, then the two headers without it (MS-WMF 2.3.2).
    (b"\xd7\xcd\xc6\x9a", PictureFormat.WMF),
    (b"\x01\x00\x09\x00\x00\x03", PictureFormat.WMF),
    (b"\x01\x00\x09\x00\x00\x01", PictureFormat.WMF),
)


def sniff(head: bytes) -> PictureFormat:
    """Name the format of a file that starts with `head` (its first SNIFF_BYTES, or all of it)."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if head[:4] == b"\x01\0\0\0" and head[40:44] == b" EMF":
        return PictureFormat.EMF
    if _is_bitmap(head):
        return PictureFormat.BMP
    if head[:2] == b"\x1f\x8b":
        return _sniff_gzip(head)
    return PictureFormat.SVG if _is_svg(head) else PictureFormat.UNKNOWN


def _is_bitmap(head: bytes) -> bool:
    """Two letters are too little proof: the size of the second header must make sense too."""
    if head[:2] != b"BM" or len(head) < 18:
        return False
    return struct.unpack_from("<I", head, 14)[0] in {12, 40, 52, 56, 64, 108, 124}


def _sniff_gzip(head: bytes) -> PictureFormat:
    """EMZ, WMZ and SVGZ are the vector formats behind gzip."""
    try:
        inner = zlib.decompressobj(31).decompress(head, SNIFF_BYTES)
    except zlib.error:
        return PictureFormat.UNKNOWN
    found = PictureFormat.UNKNOWN if inner[:2] == b"\x1f\x8b" else sniff(inner)
    return found if found.is_vector else PictureFormat.UNKNOWN


def _is_svg(head: bytes) -> bool:
    text = head[:SNIFF_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and (b"<svg" in text or b":svg" in text)
