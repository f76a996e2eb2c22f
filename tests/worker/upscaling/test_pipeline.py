"""Bytes in, sharper bytes out: the same alone and in a batch, and no failure is another's."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from crispdeck.errors import (
    CrispdeckError,
    PictureTooLargeError,
    UnreadablePictureError,
    UnsupportedPictureError,
    UpscaleMemoryError,
)
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.sharpened import Sharpened
from crispdeck.settings import Settings
from worker.upscaling.conditioning import Source
from worker.upscaling.pipeline import PixelLimits, sharpen, sharpen_batch
from worker.upscaling.upscaler import Upscaled, Upscaler

LIMITS = PixelLimits()


def picture(
    seed: int, size: tuple[int, int] = (24, 16), kind: str = "PNG", mode: str = "RGB"
) -> bytes:
    coarse = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    drawn = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).convert(mode)
    out = io.BytesIO()
    drawn.save(out, kind, dpi=(96, 96))
    return out.getvalue()


class ForgetfulUpscaler:
    """The real one, on a machine that has no memory for more than one picture, or for red ones."""

    def __init__(self, upscaler: Upscaler) -> None:
        self._upscaler = upscaler

    def upscale(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        if len(pictures) > 1 or bool((pictures[0].pixels.colour == (255, 0, 0)).all()):
            raise UpscaleMemoryError("no memory")
        return self._upscaler.upscale(pictures, scale)


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(Settings(device="cpu", torch_threads=1))


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_picture_grows_by_the_scale_and_says_how(upscaler: Upscaler, scale: int) -> None:
    made = sharpen(picture(1), scale, upscaler, LIMITS)
    assert (made.width_px, made.height_px) == (24 * scale, 16 * scale)
    assert Image.open(io.BytesIO(made.blob)).size == (24 * scale, 16 * scale)
    assert made.report["network"].startswith("plain-")
    assert made.report["scale"] == scale
    assert made.report["device"] == "cpu"
    assert made.report["dtype"] in {"float32", "bfloat16"}
    assert made.report["fallback"] is None
    assert 0 < made.report["upscale_s"] <= made.report["seconds"]


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        ("PNG", PictureFormat.PNG),
        ("JPEG", PictureFormat.JPEG),
        ("BMP", PictureFormat.PNG),
        ("GIF", PictureFormat.PNG),
        ("TIFF", PictureFormat.PNG),
        ("WEBP", PictureFormat.PNG),
    ],
)
def test_the_format_says_what_the_bytes_are(
    upscaler: Upscaler, kind: str, becomes: PictureFormat
) -> None:
    made = sharpen(picture(2, kind=kind), 2, upscaler, LIMITS)
    assert made.format is becomes
    assert Image.open(io.BytesIO(made.blob)).format == becomes.upper()


def test_twice_the_same_picture_gives_the_same_bytes(upscaler: Upscaler) -> None:
    one, other = (sharpen(picture(3), 4, upscaler, LIMITS) for _ in range(2))
    assert one.blob == other.blob


def test_a_batch_gives_the_bytes_of_each_alone_in_order(upscaler: Upscaler) -> None:
    blobs = [picture(seed) for seed in range(4)]
    for blob, made in zip(blobs, sharpen_batch(blobs, 2, upscaler, LIMITS), strict=True):
        assert isinstance(made, Sharpened)
        assert made.blob == sharpen(blob, 2, upscaler, LIMITS).blob


def test_pictures_of_several_sizes_and_modes_go_together(upscaler: Upscaler) -> None:
    blobs = [picture(1), picture(2, (9, 31)), picture(3, mode="L"), picture(4, mode="RGBA")]
    made = sharpen_batch(blobs, 2, upscaler, LIMITS)
    sizes = [(one.width_px, one.height_px) for one in made if isinstance(one, Sharpened)]
    assert sizes == [(48, 32), (18, 62), (48, 32), (48, 32)]


def test_unreadable_pictures_do_not_cost_the_others_their_result(upscaler: Upscaler) -> None:
    truncated = picture(1)[:60]
    made = sharpen_batch([picture(1), b"no picture", picture(2), truncated], 2, upscaler, LIMITS)
    assert isinstance(made[0], Sharpened)
    assert isinstance(made[1], UnreadablePictureError)
    assert isinstance(made[2], Sharpened)
    assert isinstance(made[3], UnreadablePictureError)


def test_a_picture_too_large_for_memory_is_the_only_one_that_fails(upscaler: Upscaler) -> None:
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (255, 0, 0)).save(out, "PNG")
    blobs = [picture(1), out.getvalue(), picture(2)]
    made = sharpen_batch(blobs, 2, ForgetfulUpscaler(upscaler), LIMITS)
    assert [type(one) for one in made] == [Sharpened, UpscaleMemoryError, Sharpened]


def test_a_vector_is_refused_by_its_kind(upscaler: Upscaler) -> None:
    with pytest.raises(UnsupportedPictureError):
        sharpen(b'<svg xmlns="http://www.w3.org/2000/svg"/>', 2, upscaler, LIMITS)


@pytest.mark.parametrize(
    "limits",
    [PixelLimits(max_input_px=24 * 16 - 1), PixelLimits(max_output_px=4 * 24 * 16 - 1)],
)
def test_more_pixels_than_allowed_are_refused_before_and_after(
    upscaler: Upscaler, limits: PixelLimits
) -> None:
    with pytest.raises(PictureTooLargeError):
        sharpen(picture(1), 2, upscaler, limits)


def test_nothing_in_gives_nothing_out(upscaler: Upscaler) -> None:
    assert sharpen_batch([], 2, upscaler, LIMITS) == []


def test_every_error_of_a_picture_has_a_code(upscaler: Upscaler) -> None:
    (error,) = sharpen_batch([b""], 2, upscaler, LIMITS)
    assert isinstance(error, CrispdeckError)
    assert error.code == "picture_unreadable"
