"""Words read by the real tesseract, and how two lists of words are compared."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from worker.lab.metrics import Picture
from worker.lab.metrics.ocr import Word, compare_words, read_words, tesseract_version

needs_tesseract = pytest.mark.skipif(
    tesseract_version() is None, reason="needs the program tesseract (apt install tesseract-ocr)"
)


def page(*lines: str, size_px: int = 28) -> Image.Image:
    image = Image.new("RGB", (480, 40 + 50 * len(lines)), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        font = ImageFont.load_default(size_px)
        pen.text((20, 20 + 50 * number), line, fill="black", font=font)
    return image


def texts(picture: Picture, enlarge: int = 1) -> list[str]:
    return [word.text for word in read_words(picture, enlarge=enlarge)]


@needs_tesseract
def test_words_are_read_in_lower_case_and_short_ones_are_left_out() -> None:
    assert texts(np.asarray(page("Small pictures", "on one slide"))) == [
        "small",
        "pictures",
        "one",
        "slide",
    ]


@needs_tesseract
def test_words_lie_where_they_are_in_the_picture_however_large_it_was_read() -> None:
    picture = np.asarray(page("Small pictures", "on one slide"))
    plain, large = (read_words(picture, enlarge=one) for one in (1, 1.5))
    assert [one.text for one in plain] == [one.text for one in large]
    for one, same in zip(plain, large, strict=True):
        assert (one.left, one.top, one.width) == pytest.approx(
            (same.left, same.top, same.width), abs=3
        )


@needs_tesseract
def test_nothing_is_read_where_nothing_is_written() -> None:
    assert texts(np.full((80, 120, 3), 255, np.uint8)) == []


@needs_tesseract
def test_blur_costs_agreement() -> None:
    sharp = page("Quarterly revenue", "of every region")
    truth = read_words(np.asarray(sharp))
    blurred = sharp.filter(ImageFilter.GaussianBlur(8))
    agreement = compare_words(read_words(np.asarray(blurred)), truth, truth).agreement
    assert compare_words(truth, truth, truth).agreement == 1
    assert agreement < 0.5


def word(text: str, left: int = 0, *, is_certain: bool = True) -> Word:
    return Word(text, is_certain, left, 0, 40, 10)


def test_agreement_counts_every_word_as_often_as_it_stands() -> None:
    truth = [word("one"), word("one", 50), word("two", 100), word("six", 150)]
    made = [word("one"), word("two", 100), word("ten", 150)]
    reading = compare_words(made, truth, truth)
    assert (reading.words, reading.right) == (4, 2)
    assert reading.agreement == pytest.approx(2 * 2 / 7)


def test_only_words_on_empty_ground_are_invented() -> None:
    truth = [word("one")]
    unsure = [*truth, word("blur", 100, is_certain=False)]
    made = [word("ore"), word("blue", 110), word("ghost", 300)]
    assert compare_words(made, truth, unsure).invented == 1


def test_without_words_on_both_sides_there_is_agreement() -> None:
    assert compare_words([], [], []).agreement == 1
