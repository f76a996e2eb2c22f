"""What kinds of pictures there are: their names, media types, suffixes, and first bytes.

The only list of formats: all others are made from it. Nothing is decoded here.
"""

import struct
import zlib
from enum import StrEnum
from functools import cache
from importlib.util import find_spec

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
    AVIF = "avif"
    JP2 = "jp2"
    HEIC = "heic"
    JXL = "jxl"
    ICO = "ico"
    BIGTIFF = "bigtiff"
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
        return self in _RASTER or (self is PictureFormat.HEIC and reads_heic())

    @property
    def label(self) -> str:
        """Its name as people write it."""
        return _TITLES.get(self, self.value.upper())

    @property
    def is_shown_by_browsers(self) -> bool:
        """Every browser shows it, and no script in it runs."""
        return self in _SHOWN_BY_BROWSERS

    @property
    def suffixes(self) -> tuple[str, ...]:
        """All endings that files of this kind have, with the dot, the usual one first."""
        return _SUFFIXES.get(self, ())

    def is_declared_as(self, content_type: str) -> bool:
        """Tell whether a media type, misspelt or not, says this format."""
        content_type = content_type.lower()
        return _MISSPELT_TYPES.get(content_type, content_type) == self.content_type

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
    PictureFormat.AVIF,
    PictureFormat.JP2,
}


@cache
def reads_heic() -> bool:
    """Tell whether pillow-heif, an optional extra, is installed."""
    return find_spec("pillow_heif") is not None


def with_pixels() -> tuple[PictureFormat, ...]:
    """List the formats made of pixels, HEIC too: whether it is read is told when it comes."""
    return tuple(one for one in PictureFormat if one in _RASTER or one is PictureFormat.HEIC)


_CONTENT_TYPES = {
    PictureFormat.PNG: "image/png",
    PictureFormat.JPEG: "image/jpeg",
    PictureFormat.GIF: "image/gif",
    PictureFormat.BMP: "image/bmp",
    PictureFormat.TIFF: "image/tiff",
    PictureFormat.WEBP: "image/webp",
    PictureFormat.AVIF: "image/avif",
    PictureFormat.JP2: "image/jp2",
    PictureFormat.HEIC: "image/heic",
    PictureFormat.JXL: "image/jxl",
    PictureFormat.ICO: "image/vnd.microsoft.icon",
    PictureFormat.BIGTIFF: "image/tiff",
    PictureFormat.EMF: "image/x-emf",
    PictureFormat.WMF: "image/x-wmf",
    PictureFormat.SVG: "image/svg+xml",
    PictureFormat.WDP: "image/vnd.ms-photo",
    PictureFormat.PDF: "application/pdf",
    PictureFormat.UNKNOWN: "application/octet-stream",
}

_TITLES = {
    PictureFormat.WEBP: "WebP",
    PictureFormat.JP2: "JPEG 2000",
    PictureFormat.JXL: "JPEG XL",
    PictureFormat.BIGTIFF: "BigTIFF",
    PictureFormat.WDP: "JPEG XR",
    PictureFormat.UNKNOWN: "unknown",
}

_SHOWN_BY_BROWSERS = {
    *(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.BMP),
    PictureFormat.WEBP,
}

_SUFFIXES = {
    PictureFormat.PNG: (".png", ".apng"),
    PictureFormat.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp"),
    PictureFormat.GIF: (".gif",),
    PictureFormat.BMP: (".bmp", ".dib"),
    PictureFormat.TIFF: (".tif", ".tiff"),
    PictureFormat.WEBP: (".webp",),
    PictureFormat.AVIF: (".avif",),
    PictureFormat.JP2: (".jp2", ".j2k", ".jpf", ".jpx"),
    PictureFormat.HEIC: (".heic", ".heif"),
    PictureFormat.JXL: (".jxl",),
    PictureFormat.ICO: (".ico",),
    PictureFormat.EMF: (".emf", ".emz"),
    PictureFormat.WMF: (".wmf", ".wmz"),
    PictureFormat.SVG: (".svg", ".svgz"),
    PictureFormat.WDP: (".wdp", ".jxr", ".hdp"),
    PictureFormat.PDF: (".pdf",),
}

PICTURE_SUFFIXES = frozenset(suffix for one in with_pixels() for suffix in one.suffixes)
"""All that files of pixels are called, small letters."""

_MISSPELT_TYPES = {
    "image/jpg": "image/jpeg",
    "image/.jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/tif": "image/tiff",
    "image/x-bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
    "image/emf": "image/x-emf",
    "image/x-emz": "image/x-emf",
    "image/wmf": "image/x-wmf",
    "image/x-wmz": "image/x-wmf",
}
"""What decks say instead of the registered types."""

_EXTENSIONS = {PictureFormat.UNKNOWN: "bin", PictureFormat.BIGTIFF: "tif"}

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (b"\xff\xd8\xff", PictureFormat.JPEG),
    (b"GIF87a", PictureFormat.GIF),
    (b"GIF89a", PictureFormat.GIF),
    # JPEG XR starts like a TIFF with version 0xBC instead of 42.
    (b"II\xbc", PictureFormat.WDP),
    (b"II*\0", PictureFormat.TIFF),
    (b"MM\0*", PictureFormat.TIFF),
    (b"II+\0\x08\0\0\0", PictureFormat.BIGTIFF),
    (b"MM\0+\0\x08\0\0", PictureFormat.BIGTIFF),
    # A box of JPEG 2000 or JPEG XL, or their bare code streams (ISO/IEC 15444-1, 18181-2).
    (b"\0\0\0\x0cjP  \r\n\x87\n", PictureFormat.JP2),
    (b"\xff\x4f\xff\x51", PictureFormat.JP2),
    (b"\0\0\0\x0cJXL \r\n\x87\n", PictureFormat.JXL),
    (b"\xff\x0a", PictureFormat.JXL),
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
    for is_it, found in _SIGNATURES:
        if is_it(head):
            return found
    if head[4:8] == b"ftyp":
        return _sniff_heif(head)
    if head[:2] == b"\x1f\x8b":
        return _sniff_gzip(head)
    return PictureFormat.SVG if _is_svg(head) else PictureFormat.UNKNOWN


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_metafile(head: bytes) -> bool:
    return head[:4] == b"\x01\0\0\0" and head[40:44] == b" EMF"


def _is_icon(head: bytes) -> bool:
    """Four bytes are too little proof: the first picture's reserved byte must be 0 too."""
    return (
        head[:4] == b"\0\0\1\0"
        and len(head) > 9
        and head[4] > 0
        and head[5] == 0
        and head[9:10] == b"\0"
    )


def _is_bitmap(head: bytes) -> bool:
    """Two letters are too little proof: the size of the second header must make sense too."""
    if head[:2] != b"BM" or len(head) < 18:
        return False
    return struct.unpack_from("<I", head, 14)[0] in {12, 16, 40, 52, 56, 64, 108, 124}


_SIGNATURES = (
    (_is_webp, PictureFormat.WEBP),
    (_is_metafile, PictureFormat.EMF),
    (_is_bitmap, PictureFormat.BMP),
    (_is_icon, PictureFormat.ICO),
)


def _sniff_heif(head: bytes) -> PictureFormat:
    """Tell AVIF from HEIC by the brands in the first box (ISO/IEC 23008-12, 10; MPEG-4 else)."""
    size = int.from_bytes(head[:4])
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))}
    if brands & {b"avif", b"avis"}:
        return PictureFormat.AVIF
    heic = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
    return PictureFormat.HEIC if brands & heic else PictureFormat.UNKNOWN


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
