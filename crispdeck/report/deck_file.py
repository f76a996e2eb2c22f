"""A report as a deck: a slide for each sharpened picture, before and after."""

import io
from typing import Any, BinaryIO

from crispdeck.report.model import Report, SharpenedPicture, ShownPicture
from crispdeck.words import reports as words
from crispdeck.words.numbers import count_words, size_words
from crispdeck.words.outcomes import (
    enlarged_words,
    faithful_words,
    outcome_words,
    source_words,
)
from crispdeck.words.reports import growth_words, inches_words, shown_words, side_words, title_words
from crispdeck.words.sharpness import sharpness_sentence

_WIDTH_IN, _HEIGHT_IN = 13.333, 7.5  # PowerPoint's default, 16:9
_MARGIN_IN, _GAP_IN, _TOP_IN = 0.6, 0.5, 1.55  # chosen by eye; _TOP_IN is below the title
_COLUMN_IN = (_WIDTH_IN - 2 * _MARGIN_IN - _GAP_IN) / 2
_PICTURE_HEIGHT_IN = 4.5  # what title and heading leave of a slide 7.5 inches high
_MAX_ZOOM = 3.0  # how much larger than on its slide a small picture is shown; a guess
_INK, _SOFT, _POOR, _GOOD = "16202C", "566373", "A03A12", "0A7A4B"
_TITLE_ONLY = 5  # number of that layout in python-pptx's own template


def write_pptx(report: Report, out: BinaryIO) -> None:
    """Write the report as a .pptx of 13.33 × 7.5 inches."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH_IN), Inches(_HEIGHT_IN)
    _add_summary(deck, report)
    for picture in report.sharpened:
        _add_picture(deck, picture)
    deck.core_properties.title = title_words(report.deck_name)
    deck.save(out)


def _new_slide(deck: Any, title: str) -> Any:
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top = Inches(_MARGIN_IN), Inches(0.4)
    shape.width, shape.height = Inches(_WIDTH_IN - 2 * _MARGIN_IN), Inches(0.9)
    shape.text_frame.word_wrap = True
    _write(shape.text_frame.paragraphs[0], title, size_pt=26, colour=_INK, bold=True)
    return slide


def _add_summary(deck: Any, report: Report) -> None:
    slide = _new_slide(deck, report.deck_name)
    lines = [
        outcome_words(picture.upscale for picture in report.sharpened),
        f"{count_words(len(report.left), 'picture')} {words.LEFT_COUNT}",
        growth_words(report.bytes_before, report.bytes_after),
    ]
    _add_text(
        slide, (_MARGIN_IN, 1.6, _WIDTH_IN - 2 * _MARGIN_IN, 3), lines, size_pt=22, colour=_INK
    )


def _add_picture(deck: Any, picture: SharpenedPicture) -> None:
    size = inches_words(picture.shown_width_in, picture.shown_height_in)
    name = picture.name or picture.part
    slide = _new_slide(deck, shown_words(picture.where, name, size))
    sides = (
        (words.BEFORE, picture.view.before, picture.ppi_before, picture.sharpness_before, _POOR),
        (words.AFTER, picture.view.after, picture.ppi_after, picture.sharpness_after, _GOOD),
    )
    after = size_words(picture.bytes_after)
    pixels = (
        f"{picture.width_px} × {picture.height_px} pixels, {size_words(picture.bytes_before)}",
        f"{picture.new_width_px} × {picture.new_height_px} pixels, {after}",
    )
    # The true size stands under "before", what was measured on the new pixels under "after".
    before = "; ".join(filter(None, (enlarged_words(picture), *source_words(picture.upscale))))
    notes = before, faithful_words(picture.upscale)
    for column, (side, shown, ppi, share, colour) in enumerate(sides):
        left_in = _MARGIN_IN + column * (_COLUMN_IN + _GAP_IN)
        _place(
            slide, shown, picture, left_in, f"{picture.alt_text or picture.name} ({side.lower()})"
        )
        box = (left_in, _TOP_IN + _PICTURE_HEIGHT_IN + 0.1, _COLUMN_IN, 1.0)
        heading = side_words(side, ppi)
        frame = _add_text(slide, box, [heading], size_pt=18, colour=colour)
        lines = (sharpness_sentence(share), pixels[column], notes[column])
        for line in filter(None, lines):
            _write(frame.add_paragraph(), line, size_pt=13, colour=_SOFT)


def _place(
    slide: Any, shown: ShownPicture, picture: SharpenedPicture, left_in: float, alt_text: str
) -> None:
    """Put a picture into its column; a small one grows, so that the eye gets close."""
    from pptx.util import Inches

    width_in, height_in = picture.shown_width_in, picture.shown_height_in
    share = min(_MAX_ZOOM, _COLUMN_IN / width_in, _PICTURE_HEIGHT_IN / height_in)
    width_in, height_in = width_in * share, height_in * share
    shape = slide.shapes.add_picture(
        io.BytesIO(shown.blob),
        Inches(left_in + (_COLUMN_IN - width_in) / 2),
        Inches(_TOP_IN + (_PICTURE_HEIGHT_IN - height_in) / 2),
        Inches(width_in),
        Inches(height_in),
    )
    # python-pptx has no public way to alternative text.
    shape._element.nvPicPr.cNvPr.set("descr", alt_text)


def _add_text(
    slide: Any,
    box_in: tuple[float, float, float, float],
    lines: list[str],
    *,
    size_pt: int,
    colour: str,
) -> Any:
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*(Inches(value) for value in box_in)).text_frame
    frame.word_wrap = True
    for index, line in enumerate(lines):
        paragraph = frame.add_paragraph() if index else frame.paragraphs[0]
        _write(paragraph, line, size_pt=size_pt, colour=colour)
    return frame


def _write(paragraph: Any, text: str, *, size_pt: int, colour: str, bold: bool = False) -> None:
    from pptx.dml import color
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    rgb: Any = color.RGBColor
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size_pt), bold
    run.font.color.rgb = rgb(*bytes.fromhex(colour))
