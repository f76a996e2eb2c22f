"""What a picture's header says; a plain value, nothing is read here."""

from dataclasses import dataclass

from crispdeck.picture.formats import PictureFormat


@dataclass(frozen=True, kw_only=True)
class PictureInfo:
    """Size and kind of one raster picture.

    Attributes:
        mode: the words of Pillow: "1", "L", "LA", "P", "RGB", "RGBA" or "CMYK".
        bits: bits per sample (per index in a palette): 1, 2, 4, 8 or 16; 5 in 16-bit BMP.
        has_alpha: an alpha channel, or a transparent colour or palette entry.
        frames: 1, or more for animations and many-page files. Counting stops at 2 where the
            header does not name the number.
        dpi: dots per inch across and down; None where the file does not say.
        exif_orientation: 1 to 8 (CIPA DC-008, 4.6.4); PowerPoint ignores it, and so do we.
    """

    format: PictureFormat
    width_px: int
    height_px: int
    mode: str
    bits: int = 8
    has_alpha: bool = False
    frames: int = 1
    dpi: tuple[float, float] | None = None
    has_icc: bool = False
    exif_orientation: int = 1

    @property
    def px(self) -> int:
        """Pixels in all."""
        return self.width_px * self.height_px
