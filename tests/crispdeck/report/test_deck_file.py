"""A report as slides: before and after beside each other, in equal size."""

import io
from typing import Any

import pytest
from pptx import Presentation

from crispdeck.report.deck_file import write_pptx
from crispdeck.report.model import Report
from tests.crispdeck.report.showing import LOOKS


def text_of(shape: Any) -> str:
    return str(shape.text_frame.text) if shape.has_text_frame else ""


class TestDeck:
    def test_it_has_a_summary_and_a_slide_for_each_picture(self, report: Report) -> None:
        out = io.BytesIO()
        write_pptx(report, out)
        slides = list(Presentation(io.BytesIO(out.getvalue())).slides)
        assert len(slides) == 1 + len(report.sharpened)
        assert slides[0].shapes.title.text == "Talk & more.pptx"
        words = " ".join(s.text_frame.text for s in slides[0].shapes if s.has_text_frame)
        assert "3 pictures made sharp" in words
        shown = " ".join(s.text_frame.text for s in slides[1].shapes if s.has_text_frame)
        assert "colours within 0.2 of 255 levels" in shown

    def test_it_says_what_an_enlarged_picture_was_before(self, enlarged_report: Report) -> None:
        out = io.BytesIO()
        write_pptx(enlarged_report, out)
        slide = Presentation(io.BytesIO(out.getvalue())).slides[1]
        before = next(s.text_frame.text for s in slide.shapes if "Before: 40 ppi" in text_of(s))
        assert LOOKS in before

    def test_before_stands_left_of_after_in_equal_size(self, report: Report) -> None:
        out = io.BytesIO()
        write_pptx(report, out)
        for slide in list(Presentation(io.BytesIO(out.getvalue())).slides)[1:]:
            before, after = (shape for shape in slide.shapes if shape.shape_type == 13)
            assert before.left + before.width < after.left
            assert (before.width, before.height) == (after.width, after.height)
            for shape, side in ((before, "before"), (after, "after")):
                assert shape._element.nvPicPr.cNvPr.get("descr").endswith(f"({side})")
                assert shape.left >= 0
                assert shape.top + shape.height < 7.5 * 914400

    def test_pictures_keep_the_shape_they_have_on_the_slide(self, report: Report) -> None:
        out = io.BytesIO()
        write_pptx(report, out)
        first = list(Presentation(io.BytesIO(out.getvalue())).slides)[1]
        shown = next(shape for shape in first.shapes if shape.shape_type == 13)
        expected = report.sharpened[0].shown_width_in / report.sharpened[0].shown_height_in
        assert shown.width / shown.height == pytest.approx(expected, rel=0.01)
