"""A picture between reading and writing: its pixels and what its file said beside them."""

from dataclasses import dataclass, field

from crispdeck.picture.compression import LOSSLESS
from crispdeck.picture.drawings import DrawnBitmap
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.notes import Notes
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.source_notes import SourceNote


@dataclass(frozen=True, kw_only=True, eq=False)
class DecodedPicture:
    """Pixels as stored (never turned by EXIF), and what `encode` needs to write their like.

    Attributes:
        icc: the colour profile that the pixels are in; None: untagged.
        colour_chunks: the PNG chunks that say how colours are meant, whole and in order.
        jpeg_quality: quality of a JPEG source on the scale of libjpeg, 1 to 100.
        lossless: False for JPEG and lossy WebP, whose pixels carry compression noise.
        compression: how coarsely that noise was made, 0 (lossless) to 1; see `compression_of`.
        has_adobe: a JPEG says that Adobe's conventions hold, which turn four colours round.
        notes: EXIF, XMP and the like.
        digest: hex SHA-256 of the file, by which what is made of it names its original.
        drawn: the bitmap in its drawing, where the file is one; `info.format` is the drawing's.
        mended: what was wrong with the file and forgiven.
    """

    pixels: Pixels
    info: PictureInfo
    icc: bytes | None = field(default=None, repr=False)
    colour_chunks: bytes = field(default=b"", repr=False)
    jpeg_quality: int | None = None
    lossless: bool = True
    compression: float = LOSSLESS
    has_adobe: bool = True
    notes: Notes = field(default_factory=Notes)
    digest: str = ""
    drawn: DrawnBitmap | None = None
    repairs: tuple[SourceNote, ...] = ()

    @property
    def source_notes(self) -> tuple[SourceNote, ...]:
        """What was forgiven, and what of the file cannot be carried over."""
        lost = (SourceNote.GAIN_MAP_LOST,) if self.notes.has_gain_map else ()
        return (*self.repairs, *lost)

    @property
    def has_palette(self) -> bool:
        """True when the file held indices into a table of colours."""
        return self.info.mode == "P"


@dataclass(frozen=True, kw_only=True)
class EncodedPicture:
    """A finished file.

    Attributes:
        mode: as in PictureInfo, after writing: "P" where the palette was kept.
    """

    blob: bytes = field(repr=False)
    format: PictureFormat
    width_px: int
    height_px: int
    mode: str
