"""Slides drawn as SVG: at true places, with their own words, and with nothing that could run."""

import io
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import NotFoundError
from crispdeck.slides import Likeness, draw_slide
from crispdeck.slides.slide import MAX_CELLS
from tests.decks import pictures
from tests.decks.building import DeckBuilder

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script> & "quotes" \u202e'


def png(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 4), colour).save(out, "PNG")
    return out.getvalue()


def likeness_of(_part: str) -> Likeness:
    return Likeness(png(), "image/png")


@pytest.fixture(scope="module")
def deck() -> bytes:
    """One slide: a cropped picture, a turned one, a shape with hostile words, a table."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Two pictures and a table"
    cropped = slide.shapes.add_picture(
        io.BytesIO(png()), Inches(1), Inches(2), Inches(4), Inches(3)
    )
    cropped.crop_left = 0.25
    turned = slide.shapes.add_picture(
        io.BytesIO(png("blue")), Inches(6), Inches(2), Inches(2), Inches(1)
    )
    turned.rotation = 90
    box = slide.shapes.add_textbox(Inches(1), Inches(6), Inches(5), Inches(1))
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size = HOSTILE, Pt(20)
    run.font.color.rgb = RGBColor.from_string("123456")  # type: ignore[no-untyped-call]
    table = slide.shapes.add_table(2, 2, Inches(6), Inches(5), Inches(3), Inches(1)).table
    table.cell(0, 0).text = "cell"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def drawn(deck: bytes, slide: int = 1) -> etree._Element:
    with open_deck(deck) as archive:
        return etree.fromstring(draw_slide(archive, slide, likeness_of))


def rendered(svg: etree._Element, width_px: int = 720) -> Image.Image:
    resvg_py = pytest.importorskip("resvg_py", reason="needs the extra `train` to show an SVG")
    blob = resvg_py.svg_to_bytes(svg_string=etree.tostring(svg).decode(), width=width_px)
    return Image.open(io.BytesIO(bytes(blob))).convert("RGB")


def test_pictures_lie_where_the_scan_says(deck: bytes) -> None:
    svg = drawn(deck)
    with open_deck(deck) as archive:
        placements = scan(archive).placements
    windows = svg.findall(f".//{SVG}svg")
    assert len(windows) == len(placements) == 2
    for window, placement in zip(windows, placements, strict=True):
        found = [float(window.get(name, "")) / 72 for name in ("x", "y", "width", "height")]
        assert found == pytest.approx(
            [
                placement.left_in,
                placement.top_in,
                placement.shown_width_in,
                placement.shown_height_in,
            ],
            abs=0.01,
        )


def test_the_picture_of_a_table_cell_lies_where_the_scan_says() -> None:
    made = DeckBuilder()
    made.table_cell(made.slide(), pictures.png())
    deck = made.build()
    with open_deck(deck) as archive:
        (placement,) = scan(archive).placements
    (window,) = drawn(deck).findall(f".//{SVG}svg")
    found = [float(window.get(name, "")) / 72 for name in ("x", "y", "width", "height")]
    assert found == pytest.approx([5, 2, 4, 3], abs=0.01)
    assert (placement.left_in, placement.shown_width_in) == pytest.approx((5, 4))


def test_what_is_cut_off_is_not_shown(deck: bytes) -> None:
    image = drawn(deck).find(f".//{SVG}svg/{SVG}image")
    assert image is not None
    assert float(image.get("width", "")) == pytest.approx(4 * 72 / 0.75, abs=0.1)
    assert float(image.get("x", "")) == pytest.approx(-4 * 72 / 3, abs=0.1)


def test_a_turned_picture_is_turned(deck: bytes) -> None:
    shown = rendered(drawn(deck))
    # 2 by 1 inches around (7, 2.5), turned: 1 wide and 2 high. 72 pixels are an inch.
    assert shown.getpixel((7 * 72, int(1.6 * 72))) == (255, 0, 0)
    assert shown.getpixel((int(6.2 * 72), int(2.5 * 72))) != (255, 0, 0)


def test_the_words_of_shapes_and_cells_are_there_in_their_colour(deck: bytes) -> None:
    svg = drawn(deck)
    words = " ".join(" ".join(svg.itertext()).split())
    assert "Two pictures and a table" in words
    assert "<script>alert(1)</script>" in words
    assert "cell" in words
    assert "#123456" in {span.get("fill") for span in svg.iter(f"{SVG}tspan")}


def test_only_so_many_cells_of_a_table_are_drawn() -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    table = slide.shapes.add_table(21, 20, Inches(1), Inches(1), Inches(6), Inches(5)).table
    for cell in table.iter_cells():
        cell.text = "cell"
    out = io.BytesIO()
    made.save(out)
    assert "".join(drawn(out.getvalue()).itertext()).count("cell") == MAX_CELLS


def test_nothing_in_it_can_run_or_be_fetched(deck: bytes) -> None:
    svg = drawn(deck)
    kinds = {etree.QName(item).localname for item in svg.iter()}
    drawn_kinds = {"svg", "g", "defs", "rect", "image", "text", "tspan", "line", "path", "polygon"}
    assert kinds <= drawn_kinds | {"ellipse", "linearGradient", "radialGradient", "stop"}
    for item in svg.iter():
        for name, value in item.items():
            assert not str(name).startswith("on")
            assert not str(value).startswith(("http", "javascript", "//"))
    links = [image.get("href", "") for image in svg.iter(f"{SVG}image")]
    assert all(link.startswith("data:image/") for link in links)


def test_a_picture_that_nobody_can_show_leaves_a_mark(deck: bytes) -> None:
    with open_deck(deck) as archive:
        svg = etree.fromstring(draw_slide(archive, 1, lambda _: None))
    assert svg.find(f".//{SVG}image") is None
    assert [text.text for text in svg.iter(f"{SVG}text") if text.text] == ["picture", "picture"]


@pytest.mark.parametrize("number", [0, 2])
def test_a_slide_that_is_not_there_is_not_found(deck: bytes, number: int) -> None:
    with open_deck(deck) as archive, pytest.raises(NotFoundError):
        draw_slide(archive, number, likeness_of)


def test_slides_of_real_decks_can_be_drawn_and_shown(shared_data: Path) -> None:
    drawn_slides = 0
    for path in islice(sorted((shared_data / "decks" / "talks").iterdir()), 0, None, 2):
        with open_deck(path, allow_signed=True) as archive:
            slides = scan(archive).slides
            for number in (1, slides // 2 or 1, slides):
                svg = etree.fromstring(draw_slide(archive, number, likeness_of))
                assert rendered(svg, 160).width == 160
                drawn_slides += 1
    assert drawn_slides > 20
