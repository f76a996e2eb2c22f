"""What can be read stays what it was: no word appears, and no fewer are right than by bicubic."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from tests.worker.faithful.pictures import Colours, natural, shrunk
from worker.faithful.kinds import Consistency
from worker.lab.metrics.ocr import compare_words, read_words, tesseract_version
from worker.upscaling.conditioning import Source
from worker.upscaling.upscaler import Upscaler

SCALE = 4

PROSE = "Shipping dates depend on stock.\nPlease confirm before Friday noon.\nIllegal numbers 1180"
CODE = "def total(items):\n    return sum(items)\nprint(total(range(12)))"
TABLE = "Region   Sales   Margin\nNorth    1204    18.5\nSouth     967    21.3"

DRAWN = {
    "prose": (PROSE, "black", "white", 13),
    "light on dark": (PROSE, "#e6e6d2", "#191e2d", 13),
    "code": (CODE, "#283ca0", "#f5f5f5", 12),
    "table": (TABLE, "#1e1e1e", "#e1eefa", 12),
    "faint": (PROSE, "#787878", "#fafafa", 14),
}


def drawn(name: str) -> Colours:
    """A page in large: its words are so many small pixels high as the table says."""
    words, ink, paper, size_px = DRAWN[name]
    page = Image.new("RGB", (256 * SCALE, 72 * SCALE), paper)
    font = ImageFont.load_default(size_px * SCALE)
    ImageDraw.Draw(page).multiline_text((8 * SCALE, 8 * SCALE), words, ink, font)
    return np.asarray(page, np.uint8)


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(Settings(device="cpu", torch_threads=1))


def enlarged(upscaler: Upscaler, small: Colours, crispness: float) -> Colours:
    source = Source(Pixels(small), consistency=Consistency.EXACT, crispness=crispness)
    (made,) = upscaler.upscale([source], SCALE)
    assert made.fallback is None
    return made.pixels.colour.astype(np.uint8)


needs_tesseract = pytest.mark.skipif(
    tesseract_version() is None, reason="needs tesseract (Debian: tesseract-ocr)"
)


@needs_tesseract
@pytest.mark.parametrize("name", DRAWN)
def test_no_word_appears_and_as_many_are_right_as_by_bicubic(upscaler: Upscaler, name: str) -> None:
    truth = drawn(name)
    small = shrunk(truth, SCALE)
    size = truth.shape[1], truth.shape[0]
    plain = np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC), np.uint8)
    true_words, all_words = read_words(truth), read_words(truth, least_confidence=0)
    assert len(true_words) >= 6
    by_bicubic = compare_words(read_words(plain), true_words, all_words)
    for crispness in (0, Settings().crispness, 1):
        ours = compare_words(
            read_words(enlarged(upscaler, small, crispness)), true_words, all_words
        )
        assert ours.right >= by_bicubic.right
        assert ours.invented == 0


@needs_tesseract
@pytest.mark.parametrize("crispness", [0, Settings().crispness, 1])
def test_where_there_are_no_words_none_are_read(upscaler: Upscaler, crispness: float) -> None:
    assert read_words(enlarged(upscaler, natural(50, 80), crispness)) == []


@needs_tesseract
@pytest.mark.parametrize("crispness", [0, Settings().crispness, 1])
@pytest.mark.parametrize("seed", range(8))
def test_noise_does_not_become_words(upscaler: Upscaler, seed: int, crispness: float) -> None:
    noise = np.random.default_rng(seed).normal(0, 25, (50, 80, 1))
    rough = np.clip(natural(50, 80) + noise, 0, 255).astype(np.uint8)
    assert read_words(enlarged(upscaler, rough, crispness)) == []
