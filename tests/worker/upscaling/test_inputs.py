"""Enlarged pictures go through the network at their true size, cells not at all."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from crispdeck.picture.sharpened import Sharpened
from crispdeck.settings import Settings
from tests.crispdeck.picture.provenance.made_pictures import (
    enlarged,
    qr_like,
    screen,
    sprite,
    texture,
)
from worker.faithful.kinds import Consistency
from worker.upscaling.conditioning import Source
from worker.upscaling.pipeline import PixelLimits, sharpen, sharpen_batch
from worker.upscaling.upscaler import Upscaled, Upscaler

SMALL = (200, 150)
BICUBIC = Image.Resampling.BICUBIC


class Listening:
    """The real upscaler, and what it was given."""

    def __init__(self) -> None:
        self._upscaler = Upscaler(Settings(device="cpu", torch_threads=1))
        self.given: list[tuple[Source, float]] = []

    def upscale(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        self.given += [(one, scale) for one in pictures]
        return self._upscaler.upscale(pictures, scale)


@pytest.fixture
def network() -> Listening:
    return Listening()


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(made: Sharpened) -> Image.Image:
    return Image.open(io.BytesIO(made.blob)).convert("RGB")


@pytest.mark.parametrize(("scale", "factor"), [(1, 3.0), (2, 4.0)])
def test_an_enlarged_picture_is_shrunk_first_and_grows_as_asked(
    network: Listening, scale: int, factor: float
) -> None:
    large = enlarged(texture(160, 120), 3, Image.Resampling.BICUBIC)
    made = sharpen(png(large), scale, network, PixelLimits())
    assert (made.width_px, made.height_px) == (480 * scale, 360 * scale)
    ((given, asked),) = network.given
    assert (given.pixels.width_px, given.pixels.height_px) == (160, 120)
    assert asked == factor
    assert given.consistency is Consistency.LOW_FREQUENCY
    assert made.report["looks"]["true_size_px"] == [160, 120]


def test_the_truth_is_nearer_after_than_before(network: Listening) -> None:
    truth = texture(480, 360)
    small = truth.resize((160, 120), Image.Resampling.BICUBIC)
    large = enlarged(small, 3, Image.Resampling.BILINEAR)
    made = sharpen(png(large), 1, network, PixelLimits())

    def error(image: Image.Image) -> float:
        return float(((np.asarray(image, float) - np.asarray(truth, float)) ** 2).mean())

    assert error(opened(made)) < error(large)


@pytest.mark.parametrize("scale", [2, 4])
def test_cells_are_repeated_exactly_and_meet_no_network(network: Listening, scale: int) -> None:
    for small in (qr_like(2), sprite()):
        made = sharpen(png(small), scale, network, PixelLimits())
        exact = small.resize((small.width * scale, small.height * scale), Image.Resampling.NEAREST)
        assert np.array_equal(np.asarray(opened(made)), np.asarray(exact))
        assert made.report["network"] == "nearest"
    assert not network.given


def test_a_smeared_code_comes_back_with_square_cells(network: Listening) -> None:
    made = sharpen(
        png(enlarged(qr_like(3), 2.5, Image.Resampling.BILINEAR)), 2, network, PixelLimits()
    )
    assert made.report["network"] == "nearest"
    assert made.width_px == qr_like(3).width * 5
    tones = np.unique(np.asarray(opened(made).convert("L")) // 64)
    assert set(tones) <= {0, 3}


def test_a_batch_of_many_kinds_gives_each_what_it_gets_alone(network: Listening) -> None:
    blobs = [
        png(enlarged(texture(120, 100), 2, Image.Resampling.BICUBIC)),
        png(sprite()),
        png(screen(240, 200)),
        b"no picture",
    ]
    *made, refused = sharpen_batch(blobs, 2, network, PixelLimits())
    assert not isinstance(refused, Sharpened)
    for blob, one in zip(blobs, made, strict=False):
        assert isinstance(one, Sharpened)
        assert one.blob == sharpen(blob, 2, network, PixelLimits()).blob


@pytest.mark.parametrize(
    ("image", "given", "held_to"),
    [
        (texture(640, 480).resize(SMALL, BICUBIC), (Consistency.EXACT, True), Consistency.EXACT),
        (screen(400, 300).resize(SMALL, BICUBIC), (Consistency.EXACT, False), Consistency.EXACT),
        (screen(*SMALL), (Consistency.LOW_FREQUENCY, False), Consistency.LOW_FREQUENCY),
    ],
    ids=["shrunk", "shrunk but it looks rendered", "rendered"],
)
def test_only_what_was_shrunk_must_shrink_back_exactly(
    network: Listening,
    image: Image.Image,
    given: tuple[Consistency, bool],
    held_to: Consistency,
) -> None:
    made = sharpen(png(image), 2, network, PixelLimits())
    ((source, _),) = network.given
    assert (source.consistency, source.is_confident) == given
    assert made.report["faithful"]["consistency"] == held_to
