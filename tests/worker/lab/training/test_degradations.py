"""Degradations: the shares that are promised, and a label that says what a decoder would know."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from crispdeck.picture.compression import LOSSLESS, LOSSY_WEBP, SHRUNK
from crispdeck.picture.reading import decode
from worker.lab.metrics import psnr
from worker.lab.training import degradations
from worker.lab.training.degradations import (
    CODECS,
    KERNELS,
    Small,
    decimate,
    degrade,
    degrade_render,
    jpeg_of,
    open_lossy,
    save,
    spoil,
    webp_of,
)

RESAMPLING = [kernel for kernel in KERNELS if kernel is not None]


def natural(seed: int, side_px: int = 64) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((side_px, side_px), Image.Resampling.BICUBIC)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make every saving use one codec."""

    def use(codec: str) -> None:
        monkeypatch.setattr(degradations, "CODEC_WEIGHTS", tuple(c == codec for c in CODECS))

    return use


def drawn(count: int, seed: int = 2) -> list[Small]:
    sharp, rng = natural(1), random.Random(seed)
    return [degrade(sharp, 4, rng) for _ in range(count)]


def test_the_same_seed_degrades_the_same() -> None:
    def first(seed: int) -> list[bytes]:
        return [small.picture.tobytes() for small in drawn(30, seed)]

    assert first(5) == first(5) != first(6)


def test_six_of_ten_are_only_shrunk_or_nearly_so() -> None:
    clean = {natural(1).resize((16, 16), kernel).tobytes() for kernel in RESAMPLING}
    share = sum(small.picture.tobytes() in clean for small in drawn(800)) / 800
    # A few of the clean ones are decimated, at a random blur; a little of the web is only shrunk.
    assert 0.52 < share < 0.63


def test_the_kernels_occur_in_their_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(degradations, "CLEAN_SHARE", 1.0)
    pictures = [small.picture.tobytes() for small in drawn(1000)]
    expected = [natural(1).resize((16, 16), kernel).tobytes() for kernel in RESAMPLING]
    counts = [pictures.count(one) / 1000 for one in expected]
    assert counts == pytest.approx([0.65, 0.15, 0.09, 0.05], abs=0.04)


def test_about_a_quarter_bears_the_label_of_a_jpeg() -> None:
    labels = [small.compression for small in drawn(800)]
    assert all(0 <= label <= 1 or label == SHRUNK for label in labels)
    known = (LOSSLESS, LOSSY_WEBP, SHRUNK)
    assert 0.18 < sum(label not in known for label in labels) / 800 < 0.28
    assert sum(label in (LOSSLESS, SHRUNK) for label in labels) / 800 == pytest.approx(
        0.74, abs=0.05
    )


def test_most_of_what_is_told_to_be_shrunk_is_the_bicubic_shrink_of_its_truth() -> None:
    bicubic = natural(1).resize((16, 16), Image.Resampling.BICUBIC).tobytes()
    told = [small.picture.tobytes() for small in drawn(1000) if small.compression == SHRUNK]
    assert len(told) / 1000 == pytest.approx(0.34, abs=0.05)
    assert told.count(bicubic) / len(told) == pytest.approx(0.91, abs=0.04)


def test_a_render_is_now_and_then_taken_for_shrunk_but_never_a_spoilt_one() -> None:
    rng = random.Random(4)
    labels = [degrade_render(natural(1), rng).compression for _ in range(800)]
    assert labels.count(SHRUNK) / 800 == pytest.approx(0.012, abs=0.01)
    assert all(spoil(natural(1), rng).compression != SHRUNK for _ in range(50))


@pytest.mark.parametrize("codec", ["palette", "png", "jpeg in png"])
def test_what_a_lossless_file_holds_is_labelled_lossless(
    always: Callable[[str], None], codec: str
) -> None:
    always(codec)
    assert {save(natural(1), random.Random(n)).compression for n in range(9)} == {LOSSLESS}


def test_a_jpeg_in_a_png_has_its_noise(always: Callable[[str], None]) -> None:
    always("jpeg in png")
    likeness = psnr(np.asarray(save(natural(1), random.Random(1)).picture), np.asarray(natural(1)))
    assert 20 < likeness < 45


@pytest.mark.parametrize("file_of", [jpeg_of, webp_of])
@pytest.mark.parametrize("seed", range(4))
def test_a_lossy_file_is_seen_as_the_worker_will_see_it(
    file_of: Callable[[Image.Image, random.Random], bytes], seed: int
) -> None:
    blob = file_of(natural(1), random.Random(seed))
    decoded, small = decode(blob, max_px=1 << 20), open_lossy(blob)
    assert decoded.compression == small.compression > LOSSLESS
    assert np.array_equal(decoded.pixels.colour, np.asarray(small.picture))


def test_the_second_jpeg_gives_the_label(
    always: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    always("jpeg twice")
    files: list[bytes] = []

    def kept(small: Image.Image, rng: random.Random) -> bytes:
        files.append(jpeg_of(small, rng))
        return files[-1]

    monkeypatch.setattr(degradations, "jpeg_of", kept)
    small = save(natural(1), random.Random(4))
    assert len(files) == 2
    assert small.compression == open_lossy(files[1]).compression != open_lossy(files[0]).compression


def test_a_palette_has_few_colours_and_dithering_speckles(always: Callable[[str], None]) -> None:
    always("palette")
    counts = [
        len(save(natural(1), random.Random(n)).picture.getcolors(1 << 16) or []) for n in range(12)
    ]
    assert max(counts) <= 256
    assert min(counts) <= 16 < max(counts)


@pytest.mark.parametrize("scale", [2, 4])
def test_decimating_moves_nothing(scale: int) -> None:
    ramp = np.arange(64, dtype=np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2) * 3
    small = np.asarray(decimate(Image.fromarray(ramp), scale, 0.5), float)
    boxed = ramp.reshape(64 // scale, scale, 64 // scale, scale, 3).mean((1, 3))
    middle = slice(3, -3)
    assert np.abs(small - boxed)[:, middle].max() <= 1
