"""Slides of the project's own making, drawn by LibreOffice at 96, 192 and 384 dots per inch."""

import random
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.util import Emu, Inches, Pt

from worker.lab.training.corpus import PartWriter
from worker.lab.training.renders.pages import HELD_BACK_ONE_IN, good_windows
from worker.lab.training.renders.pen import Style, style_of
from worker.lab.training.renders.words import label, number, title, words

SLIDES_A_PART = 24  # as pages.PAGES_A_PART
DOTS_PER_INCH = (96, 192, 384)  # a small screen, ×2 and ×4 of it
WINDOWS_A_SLIDE = 10  # kept of one slide; a guess
# Whole pixels at 96 dots per inch, and whole hundredths of a millimetre for LibreOffice.
WIDTH_IN, HEIGHT_IN = 12.5, 7.5
TIME_LIMIT_S = 300  # for LibreOffice or Poppler with one part; a guess

CHARTS = (
    XL_CHART_TYPE.COLUMN_CLUSTERED,
    XL_CHART_TYPE.BAR_STACKED,
    XL_CHART_TYPE.LINE_MARKERS,
    XL_CHART_TYPE.PIE,
    XL_CHART_TYPE.AREA_STACKED,
)
SHAPES = (
    MSO_SHAPE.RECTANGLE,
    MSO_SHAPE.ROUNDED_RECTANGLE,
    MSO_SHAPE.OVAL,
    MSO_SHAPE.DIAMOND,
    MSO_SHAPE.CHEVRON,
    MSO_SHAPE.CAN,
    MSO_SHAPE.HEXAGON,
    MSO_SHAPE.PENTAGON,
)


def write_slides(writer: PartWriter, numbers: range, seed: int) -> None:
    """Write a deck of the slides with these numbers, draw it, and add its windows."""
    with tempfile.TemporaryDirectory(prefix="crispdeck-slides-") as name:
        folder = Path(name)
        deck = folder / "slides.pptx"
        save_deck(deck, numbers, seed)
        pdf = _as_pdf(deck)
        for page, slide in enumerate(numbers, 1):
            once, twice, fourfold = (_draw(pdf, page, dpi) for dpi in DOTS_PER_INCH)
            rng = random.Random(f"windows {seed} {slide}")  # noqa: S311
            held_back = _is_held_back(slide)
            writer.add(f"slide-{slide}", "screen", once, held_back=held_back)
            windows = good_windows(once, twice, fourfold, [], rng, most=WINDOWS_A_SLIDE)
            for levels in windows:
                writer.add_pair(f"slide-{slide}", levels, held_back=held_back)


def _is_held_back(slide: int) -> bool:
    return slide % HELD_BACK_ONE_IN == HELD_BACK_ONE_IN - 1


def _as_pdf(deck: Path) -> Path:
    """Let LibreOffice lay the deck out, with a profile of its own: several may run at a time."""
    profile = f"-env:UserInstallation=file://{deck.parent}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(deck.parent),
         str(deck)],
        check=True, capture_output=True, timeout=TIME_LIMIT_S,
    )  # fmt: skip
    return deck.with_suffix(".pdf")


def _draw(pdf: Path, page: int, dpi: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    out = pdf.with_name(f"page-{dpi}")
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", str(pdf),
         str(out)],
        check=True, capture_output=True, timeout=TIME_LIMIT_S,
    )  # fmt: skip
    with Image.open(out.with_suffix(".ppm")) as file:
        return np.asarray(file.convert("RGB"))[: round(HEIGHT_IN * dpi), : round(WIDTH_IN * dpi)]


def save_deck(path: Path, numbers: range, seed: int) -> None:
    """Write one slide for each number; the same number and seed give the same slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH_IN), Inches(HEIGHT_IN)
    for number_of_slide in numbers:
        rng = random.Random(f"slide {seed} {number_of_slide}")  # noqa: S311
        style = style_of(rng, held_out=_is_held_back(number_of_slide))
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _rgb(style.ground)
        size = rng.choice((24, 28, 32, 40))
        _write(slide, style, (0.4, 0.3, 11.7, 0.9), [title(rng)], size, rng)
        for left in (0.4, 6.4):
            maker = rng.choice((_points, _points, _table, _chart, _shapes))
            maker(slide, style, left, rng)
    deck.save(str(path))


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour.lstrip("#")))  # type: ignore[no-untyped-call]


def _write(
    slide: Any,
    style: Style,
    box_in: tuple[float, float, float, float],
    lines: list[str],
    size_pt: int,
    rng: random.Random,
) -> None:
    frame = slide.shapes.add_textbox(*(Inches(side) for side in box_in)).text_frame
    frame.word_wrap = True
    for count, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if count == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.name = Pt(size_pt), style.sans
        run.font.bold = rng.random() < 0.25
        run.font.color.rgb = _rgb(style.ink if rng.random() < 0.8 else rng.choice(style.accents))


def _points(slide: Any, style: Style, left_in: float, rng: random.Random) -> None:
    lines = [f"{rng.choice('•–▪')} {words(rng, 3, 12)}" for _ in range(rng.randint(4, 7))]
    _write(slide, style, (left_in, 1.4, 5.8, 5.5), lines, rng.choice((10, 12, 14, 16, 18, 22)), rng)


def _table(slide: Any, style: Style, left_in: float, rng: random.Random) -> None:
    rows, columns = rng.randint(4, 10), rng.randint(2, 5)
    place = (Inches(left_in), Inches(1.5), Inches(5.8), Inches(0.4 * rows))
    table = slide.shapes.add_table(rows, columns, *place).table
    for row in range(rows):
        for column in range(columns):
            cell = table.cell(row, column)
            cell.text = label(rng) if row == 0 or column == 0 else number(rng)
            for run in cell.text_frame.paragraphs[0].runs:
                run.font.size, run.font.name = Pt(rng.choice((9, 10, 11, 12))), style.sans


def _chart(slide: Any, style: Style, left_in: float, rng: random.Random) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    count = rng.randint(3, 8)
    data.categories = [label(rng).split()[0] for _ in range(count)]
    for _ in range(rng.randint(1, 3)):
        data.add_series(label(rng), [rng.uniform(1, 100) for _ in range(count)])
    place = (Inches(left_in), Inches(1.5), Inches(5.8), Inches(5.0))
    chart = slide.shapes.add_chart(rng.choice(CHARTS), *place, data).chart
    chart.has_legend = rng.random() < 0.7
    chart.font.size, chart.font.name = Pt(rng.choice((9, 10, 12, 14))), style.sans
    chart.font.color.rgb = _rgb(style.ink)


def _shapes(slide: Any, style: Style, left_in: float, rng: random.Random) -> None:
    shapes = []
    for row in range(3):
        for column in range(3):
            place = (left_in + 2.0 * column, 1.5 + 1.8 * row, 1.4, rng.choice((0.7, 0.9, 1.1)))
            shape = slide.shapes.add_shape(rng.choice(SHAPES), *(Inches(side) for side in place))
            shape.fill.solid()
            shape.fill.fore_color.rgb = _rgb(rng.choice((*style.accents, style.panel)))
            shape.line.color.rgb = _rgb(style.line)
            shape.line.width = Emu(rng.choice((6350, 12700, 25400)))
            shape.text_frame.text = label(rng)
            run = shape.text_frame.paragraphs[0].runs[0]
            run.font.size, run.font.name = Pt(rng.choice((9, 10, 12))), style.sans
            shapes.append(shape)
    for first, second in pairwise(shapes):
        line = slide.shapes.add_connector(MSO_CONNECTOR.ELBOW, 0, 0, 0, 0)
        line.begin_connect(first, 3)
        line.end_connect(second, 1)
        line.line.color.rgb = _rgb(style.muted)
