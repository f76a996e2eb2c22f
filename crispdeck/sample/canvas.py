"""Draw at four times the size and shrink, so that edges are smooth as on a screen."""

import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

OVERSAMPLING = 4  # drawn so much larger and shrunk: 16 shades for an edge

INK = "#1f2937"
GREY = "#6b7280"
LINE = "#d1d5db"
PAPER = "#ffffff"
BLUE = "#2563eb"
GREEN = "#059669"
AMBER = "#d97706"
RED = "#dc2626"
VIOLET = "#7c3aed"


class Canvas:
    """A picture in the making; all coordinates are in pixels of the finished picture."""

    def __init__(self, width_px: int, height_px: int, colour: str = PAPER, mode: str = "RGB"):
        self.size = (width_px, height_px)
        scaled = (width_px * OVERSAMPLING, height_px * OVERSAMPLING)
        self._image = Image.new(mode, scaled, colour if mode == "RGB" else (0, 0, 0, 0))
        self._draw: Any = ImageDraw.Draw(self._image)

    def box(
        self, *sides: float, fill: str | None = None, radius: float = 0, line: str = ""
    ) -> None:
        """Draw a rectangle (left, top, right, bottom)."""
        options = {"fill": fill, "outline": line or None, "width": OVERSAMPLING}
        self._draw.rounded_rectangle(_scaled(sides), radius * OVERSAMPLING, **options)

    def ellipse(self, *sides: float, fill: str) -> None:
        """Draw an ellipse."""
        self._draw.ellipse(_scaled(sides), fill=fill)

    def pie(self, *sides: float, start: float, end: float, fill: str) -> None:
        """Draw a slice; angles in degrees, clockwise from three o'clock."""
        self._draw.pieslice(_scaled(sides), start, end, fill=fill)

    def polygon(self, points: list[tuple[float, float]], fill: str) -> None:
        """Draw a filled polygon."""
        self._draw.polygon([tuple(_scaled(point)) for point in points], fill=fill)

    def line(self, points: list[tuple[float, float]], fill: str, width: float = 1) -> None:
        """Draw a line through the points."""
        scaled = [tuple(_scaled(point)) for point in points]
        self._draw.line(scaled, fill=fill, width=round(width * OVERSAMPLING), joint="curve")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        fill: str = INK,
        anchor: str = "lm",
        bold: bool = False,
    ) -> None:
        """Write text; `anchor` is Pillow's, "lm" is left and vertically centred."""
        font = ImageFont.load_default(size * OVERSAMPLING)
        stroke = OVERSAMPLING // 3 if bold else 0
        self._draw.text(
            _scaled((x, y)),
            text,
            fill=fill,
            font=font,
            anchor=anchor,
            stroke_width=stroke,
            stroke_fill=fill,
        )

    def spaced(self, x: float, y: float, text: str, *, step: float, size: float, fill: str) -> None:
        """Write text with one width for all letters, as programs are shown."""
        for number, letter in enumerate(text):
            self.text(x + (number + 0.5) * step, y, letter, size=size, fill=fill, anchor="mm")

    def done(self) -> Image.Image:
        """Return the picture at its own size."""
        return self._image.resize(self.size, Image.Resampling.BOX)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _scaled(numbers: tuple[float, ...]) -> list[float]:
    return [number * OVERSAMPLING for number in numbers]
