"""White ground stays white and black ground black, whatever JPEG's ringing left beside letters."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from crispdeck.settings import Settings
from tests.worker.faithful.pictures import Colours
from worker.lab.metrics import psnr_luma
from worker.upscaling.pipeline import PixelLimits, sharpen
from worker.upscaling.upscaler import Upscaler

SCALE = 4
WORDS = "Shipping dates depend on stock.\nPlease confirm before Friday.\nIllegal numbers 1180"


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(Settings(device="cpu", torch_threads=1))


def page(size_px: int, ink: str, paper: str) -> Image.Image:
    whole = Image.new("RGB", (176 * SCALE, 72 * SCALE), paper)
    font = ImageFont.load_default(size_px * SCALE)
    ImageDraw.Draw(whole).multiline_text((6 * SCALE, 6 * SCALE), WORDS, ink, font)
    return whole


def as_jpeg(whole: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    small = whole.resize((whole.width // SCALE, whole.height // SCALE), Image.Resampling.BICUBIC)
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()


def made_of(blob: bytes, upscaler: Upscaler) -> Colours:
    made = sharpen(blob, SCALE, upscaler, PixelLimits(), Settings().crispness)
    assert made.report["fallback"] is None
    with Image.open(io.BytesIO(made.blob)) as file:
        return np.asarray(file.convert("RGB"), np.uint8)


def off_ground(made: Colours, truth: Colours) -> float:
    """Mean difference in levels where a small pixel away from all letters is ground."""
    ground = Image.fromarray((truth == truth[0, 0]).all(axis=2))
    inside = np.asarray(ground.convert("L").filter(ImageFilter.MinFilter(2 * SCALE + 1))) > 0
    return float(np.abs(made[inside].astype(float) - truth[inside]).mean())


@pytest.mark.parametrize("quality", [50, 75, 90])
@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "black")])
def test_the_ground_beside_letters_is_as_white_or_black_as_it_was(
    upscaler: Upscaler, ink: str, paper: str, quality: int
) -> None:
    whole = page(12, ink, paper)
    truth = np.asarray(whole, np.uint8)
    made = made_of(as_jpeg(whole, quality), upscaler)
    assert off_ground(made, truth) < 0.7
    plain = Image.open(io.BytesIO(as_jpeg(whole, quality))).resize(
        whole.size, Image.Resampling.BICUBIC
    )
    assert psnr_luma(made, truth, crop_px=4) > psnr_luma(np.asarray(plain), truth, crop_px=4) + 2


def test_a_light_grey_ground_is_not_made_white(upscaler: Upscaler) -> None:
    whole = page(12, "#303030", "#e8e8e8")
    truth = np.asarray(whole, np.uint8)
    made = made_of(as_jpeg(whole, 75), upscaler)
    assert off_ground(made, truth) < 1
