"""A report tells the true figures, shows what the slide shows, and needs nothing else."""

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from crispdeck.deck.model import Crop, Placement, PlacementKind, Reason, Scope
from crispdeck.report.deck_file import write_pptx
from crispdeck.report.html_page import to_html, write_html
from crispdeck.report.json_file import to_json, write_json
from crispdeck.report.model import Report, ShownPicture
from crispdeck.report.views import MAX_PX, compare, px_for_each

LOOKS = "looks like 160 × 120 pixels enlarged to 640 × 480"


def text_of(shape: Any) -> str:
    return str(shape.text_frame.text) if shape.has_text_frame else ""


def image_of(shown: ShownPicture) -> Image.Image:
    return Image.open(io.BytesIO(shown.blob))


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def placed(width_in: float, height_in: float, crop: Crop = Crop()) -> Placement:  # noqa: B008
    return Placement(
        id="1",
        scope=Scope.SLIDE,
        kind=PlacementKind.PICTURE,
        slide=1,
        page_part="ppt/slides/slide1.xml",
        shape_id=2,
        shape_name="Picture",
        alt_text="",
        rel_id="rId2",
        part="ppt/media/image1.png",
        crop=crop,
        shown_width_in=width_in,
        shown_height_in=height_in,
    )


def test_it_lists_every_swapped_picture_in_the_order_of_the_slides(report: Report) -> None:
    assert [picture.slide for picture in report.sharpened] == [1, 1, 2]
    assert report.bytes_before < report.bytes_after
    assert report.slides == 2


def test_the_figures_are_those_of_the_place_where_it_is_most_blurred(report: Report) -> None:
    logo = next(p for p in report.sharpened if p.name.startswith("Logo"))
    # Half of 160 pixels over 2 inches, 120 over 3: both axes have 40 per inch.
    assert (logo.ppi_before, logo.ppi_after) == pytest.approx((40, 80))
    assert (logo.width_px, logo.new_width_px) == (160, 320)
    assert (logo.shown_width_in, logo.shown_height_in) == pytest.approx((2, 3))
    assert logo.uses == 2
    # A slide 10 inches wide on 1920 pixels: 192 to the inch.
    assert logo.sharpness_before == pytest.approx(40 / 144, abs=0.001)
    assert logo.upscale["network"] == "plain-x2@1"


def test_a_picture_that_changed_its_format_is_shown_from_its_new_part(report: Report) -> None:
    gif = report.sharpened[-1]
    assert gif.part.endswith(".gif")
    assert gif.new_part.endswith(".png")
    assert image_of(gif.view.after).size == (160, 120)


def test_pictures_are_shown_cropped_as_on_the_slide(report: Report) -> None:
    logo = next(p for p in report.sharpened if p.name.startswith("Logo"))
    assert image_of(logo.view.before).size == (80, 120)
    assert image_of(logo.view.after).size == (160, 240)
    assert logo.view.ratio == pytest.approx(2 / 3)


def test_what_was_left_alone_has_its_reason(report: Report) -> None:
    assert [(left.reason, left.where) for left in report.left] == [
        (Reason.ALREADY_SHARP, ("slide 2",))
    ]


def test_a_negative_crop_adds_clear_margin() -> None:
    blob = png(Image.new("RGB", (100, 100), "red"))
    view, _ = compare(blob, blob, placed(2, 2, Crop(left=-0.5, top=-0.5)))
    shown = image_of(view.before)
    assert shown.size == (150, 150)
    assert shown.getpixel((10, 10)) == (0, 0, 0, 0)
    assert shown.getpixel((140, 140)) == (255, 0, 0, 255)


def test_a_crop_that_leaves_nothing_still_shows_a_pixel() -> None:
    blob = png(Image.new("RGB", (100, 100), "red"))
    view, detail = compare(blob, blob, placed(2, 2, Crop(left=0.6, right=0.6)))
    assert image_of(view.before).width == 1
    assert detail is None


def test_the_detail_is_where_the_edges_are() -> None:
    image = Image.new("RGB", (600, 600), "white")
    image.paste(Image.effect_noise((60, 40), 90).convert("RGB"), (500, 20))
    blob = png(image)
    _, detail = compare(blob, blob, placed(6, 6))
    assert detail is not None
    assert detail.ratio == pytest.approx(16 / 9)
    ink = image_of(detail.before).convert("L").point(lambda level: 255 * (level < 250))
    assert ink.getbbox() is not None
    assert ink.histogram()[255] > 2000


def test_large_pictures_are_shrunk_and_heavy_ones_become_jpegs() -> None:
    noise = Image.effect_noise((2000, 1000), 80).convert("RGB")
    view, _ = compare(png(noise), png(noise), placed(6, 3))
    assert view.after.content_type == "image/jpeg"
    assert view.after.width_px * view.after.height_px <= MAX_PX
    assert len(view.after.blob) < 700_000


def test_the_more_pictures_the_smaller_each_is_shown() -> None:
    sizes = [px_for_each(count) for count in (0, 1, 10, 100, 1000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == MAX_PX
    assert sizes[-1] >= 60_000


class Page(HTMLParser):
    """Collects what a page loads and shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.alternatives: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img":
            self.sources.append(found["src"] or "")
            self.alternatives.append(found["alt"] or "")
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestHtml:
    def test_it_is_well_formed_and_needs_no_network(self, report: Report) -> None:
        text = to_html(report)
        page = Page(text)
        assert page.open == []
        assert len(page.sources) >= 2 * len(report.sharpened)
        assert all(source.startswith("data:image/") for source in page.sources)
        assert not re.search(r"https?://|<script|@import|url\(", text)

    def test_every_picture_has_words_in_its_place(self, report: Report) -> None:
        assert all(Page(to_html(report)).alternatives)
        assert 'A "logo" (before)' in Page(to_html(report)).alternatives

    def test_names_out_of_the_deck_are_text_not_markup(self, report: Report) -> None:
        text = to_html(report)
        assert "Logo &lt;b&gt;&amp; co&lt;/b&gt;" in text
        assert "Talk &amp; more.pptx" in text

    def test_it_says_the_figures_and_the_reasons(self, report: Report) -> None:
        text = to_html(report)
        assert "Before: 40 ppi" in text
        assert "After: 80 ppi" in text
        assert "about a quarter as sharp as a full-HD screen" in text
        assert "160 × 120 → 320 × 240" in text
        assert "sharp enough at the size it is shown" in text
        assert "plain-x2@1" in text
        assert "shrinks back to the original (58 dB)" in text
        assert "1.2 % of the detail held back" in text

    def test_it_says_what_an_enlarged_picture_was_before(
        self, report: Report, enlarged_report: Report
    ) -> None:
        assert LOOKS in to_html(enlarged_report)
        assert "looks like" not in to_html(report)

    def test_it_is_written_as_utf_8(self, report: Report) -> None:
        out = io.BytesIO()
        write_html(report, out)
        assert out.getvalue().decode() == to_html(report)


class TestJson:
    def test_it_holds_the_figures_and_no_pictures(self, report: Report) -> None:
        out = io.BytesIO()
        write_json(report, out)
        document = json.loads(out.getvalue())
        assert document == to_json(report)
        assert document["sharpened"][0]["ppi_before"] == report.sharpened[0].ppi_before
        assert "view" not in document["sharpened"][0]
        assert document["sharpened"][0]["upscale"]["faithful"]["shrinks_back_db"] == 58.2
        assert document["left"][0]["reason"] == "already_sharp"
        assert "sharp enough" in document["left"][0]["why"]
        assert len(out.getvalue()) < 5000


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
