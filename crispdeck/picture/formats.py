"""What kind of picture some bytes are, by their first bytes alone; nothing is decoded."""

from enum import StrEnum


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
