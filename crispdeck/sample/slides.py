"""Put titles, words and pictures on slides in one look; knows nothing of what they show."""

import io
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

Box = tuple[float, float, float, float]
"""Left, top, width and height in inches."""

_INK, _GREY, _ACCENT, _WHITE = "1F2937", "6B7280", "2563EB", "FFFFFF"
RECTANGLE, ROUNDED, ELLIPSE = 1, 5, 9
"""Of MSO_SHAPE."""
_FONT = "Arial"
_TITLE_ONLY, _PICTURE_WITH_CAPTION = 5, 8  # layouts of python-pptx's template
_FILL = (
    '<a:blipFill xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'rotWithShape="1"><a:blip r:embed="{rel_id}"/><a:srcRect/>{mode}</a:blipFill>'
)
_STRETCH = "<a:stretch><a:fillRect/></a:stretch>"
_TILE = '<a:tile tx="0" ty="0" sx="100000" sy="100000" flip="none" algn="tl"/>'


class SampleSlides:
    """A presentation of 13.33 × 7.5 in; every slide has a title and a sentence."""

    def __init__(self) -> None:
        self.presentation: Any = Presentation()
        self.presentation.slide_width = Inches(40 / 3)
        self.presentation.slide_height = Inches(7.5)
        layouts = self.presentation.slide_layouts
        self._widen(layouts[_TITLE_ONLY].placeholders[0], (0.6, 0.4, 12.1, 0.8))
        for placeholder, box in zip(
            layouts[_PICTURE_WITH_CAPTION].placeholders,
            ((0.6, 0.4, 12.1, 0.8), (2.2, 1.9, 9.0, 5.0), (0.6, 1.15, 12.1, 0.5)),
            strict=False,
        ):
            self._widen(placeholder, box)

    @staticmethod
    def _widen(placeholder: Any, box: Box) -> None:
        """Fit a placeholder of the template, which is 4:3, to the wide slide."""
        for name, side in zip(("left", "top", "width", "height"), box, strict=True):
            setattr(placeholder, name, Inches(side))

    def slide(self, title: str, sentence: str) -> Any:
        """Add a slide."""
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[_TITLE_ONLY])
        self._say(slide.shapes.title.text_frame, title, 30, _INK, bold=True)
        self.words(slide, sentence, (0.6, 1.15, 12.1, 0.5), size=16)
        self.band(slide.shapes, RECTANGLE, (0, 0.45, 0.16, 1.1), _ACCENT)
        return slide

    def opening(self, title: str, sentence: str, blob: bytes) -> None:
        """Add a first slide, light on a dark picture."""
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[_TITLE_ONLY])
        heading = slide.shapes.title
        self._widen(heading, (0.9, 2.3, 8.5, 1.6))
        self._say(heading.text_frame, title, 44, _WHITE, bold=True)
        self.words(slide, sentence, (0.9, 4.2, 7.2, 1.4), size=20, colour=_WHITE)
        self.background(slide, blob)

    def placeholder_slide(self, title: str, sentence: str, blob: bytes, meaning: str) -> None:
        """Add a slide whose picture takes its size from the layout."""
        layout = self.presentation.slide_layouts[_PICTURE_WITH_CAPTION]
        slide = self.presentation.slides.add_slide(layout)
        heading, frame, text = slide.placeholders
        self._say(heading.text_frame, title, 30, _INK, bold=True)
        self._say(text.text_frame, sentence, 16, _GREY)
        picture = frame.insert_picture(io.BytesIO(blob))
        for side in ("crop_left", "crop_top", "crop_right", "crop_bottom"):
            setattr(picture, side, 0)
        _describe(picture, meaning)

    def words(
        self, slide: Any, text: str, box: Box, *, size: int = 12, colour: str = _GREY
    ) -> None:
        """Add a text box."""
        shape = slide.shapes.add_textbox(*map(Inches, box))
        shape.text_frame.word_wrap = True
        self._say(shape.text_frame, text, size, colour)

    @staticmethod
    def _say(frame: Any, text: str, size: int, colour: str, *, bold: bool = False) -> None:
        frame.text = text
        paragraph = frame.paragraphs[0]
        paragraph.alignment = 1
        run = paragraph.runs[0]
        run.font.name, run.font.size, run.font.bold = _FONT, Pt(size), bold
        run.font.color.rgb = _rgb(colour)

    def picture(self, slide: Any, blob: bytes, box: Box, meaning: str, caption: str = "") -> Any:
        """Add a picture with its alternative text, and a caption below it."""
        return self.picture_in(slide.shapes, slide, blob, box, meaning, caption)

    def picture_in(
        self, shapes: Any, slide: Any, blob: bytes, box: Box, meaning: str, caption: str = ""
    ) -> Any:
        """Add a picture to a group of a slide."""
        picture = shapes.add_picture(io.BytesIO(blob), *map(Inches, box))
        _describe(picture, meaning)
        if caption:
            left, top, width, height = box
            self.words(slide, caption, (left, top + height + 0.05, width, 0.4))
        return picture

    def band(self, shapes: Any, form: int, box: Box, colour: str) -> None:
        """Add a shape of one colour (six hex digits)."""
        shape = shapes.add_shape(form, *map(Inches, box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(colour)
        shape.line.fill.background()

    def filled(self, slide: Any, form: int, box: Box, blob: bytes, *, tile: bool = False) -> Any:
        """Add a shape that is filled with a picture, stretched or tiled."""
        shape = slide.shapes.add_shape(form, *map(Inches, box))
        shape.line.color.rgb = _rgb(_ACCENT)
        _, rel_id = slide.part.get_or_add_image_part(io.BytesIO(blob))
        fill = _FILL.format(rel_id=rel_id, mode=_TILE if tile else _STRETCH)
        shape._element.spPr.insert(2, etree.fromstring(fill))
        return shape

    def background(self, slide: Any, blob: bytes) -> None:
        """Lay a picture behind a slide."""
        _, rel_id = slide.part.get_or_add_image_part(io.BytesIO(blob))
        slide.background.fill.solid()
        properties = slide.background._cSld.bg.bgPr
        solid = properties.find(qn("a:solidFill"))
        fill = _FILL.format(rel_id=rel_id, mode=_STRETCH)
        properties.replace(solid, etree.fromstring(fill))

    def metafile(self, slide: Any, picture: Any, blob: bytes) -> None:
        """Let a picture show an EMF, a format that python-pptx does not add by itself.

        What it showed before must be shown by another picture of the slide too.
        """
        package = slide.part.package
        part = Part(package.next_image_partname("emf"), "image/x-emf", package, blob)
        rel_id = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        picture._element.find(f".//{qn('a:blip')}").set(qn("r:embed"), rel_id)

    def link(self, slide: Any, picture: Any, target: str) -> None:
        """Tie a picture to a file outside, as "Insert and Link" does."""
        rel_id = slide.part.relate_to(target, RELATIONSHIP_TYPE.IMAGE, is_external=True)
        picture._element.find(f".//{qn('a:blip')}").set(qn("r:link"), rel_id)


def _rgb(six_digits: str) -> Any:
    parse: Any = RGBColor.from_string
    return parse(six_digits)


def _describe(picture: Any, meaning: str) -> None:
    picture._element.nvPicPr.cNvPr.set("descr", meaning)
    picture.name = meaning
