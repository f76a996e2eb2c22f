"""Enhancing in this process: each picture sharpened once, failures apart, originals kept."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.originals import OriginalsStore
from crispdeck.deck.scan import scan
from crispdeck.errors import CrispdeckError, UnreadablePictureError, UpscaleError
from crispdeck.picture.interpolate import resize
from crispdeck.picture.reading import decode
from crispdeck.picture.sharpened import Sharpened
from crispdeck.picture.writing import encode
from crispdeck.services.enhance import Enhanced, Results, enhance


class Interpolation:
    """Sharpens by plain interpolation and remembers what it was asked for."""

    def __init__(self, error: CrispdeckError | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self.error = error

    def __call__(self, blob: bytes, scale: int) -> Sharpened:
        self.asked.append((hashlib.sha256(blob).hexdigest(), scale))
        if self.error is not None:
            raise self.error
        source = decode(blob, max_px=10**6)
        size = (source.pixels.width_px * scale, source.pixels.height_px * scale)
        made = encode(resize(source.pixels, *size), source, scale=scale)
        return Sharpened(made.blob, made.format, *size, report={"network": "none"})


def png(seed: int, width_px: int = 48) -> bytes:
    size = (width_px * 3 // 4, width_px, 3)
    blocks = np.random.default_rng(seed).integers(0, 256, size, np.uint8)
    out = io.BytesIO()
    Image.fromarray(blocks).save(out, "PNG")
    return out.getvalue()


def make_deck(*pictures: tuple[bytes, float]) -> bytes:
    """Return a deck with pictures as wide as given, in inches."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for blob, width_in in pictures:
        slide.shapes.add_picture(io.BytesIO(blob), 0, 0, Inches(width_in), Inches(width_in * 0.75))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


@pytest.fixture
def run(tmp_path: Path) -> Callable[[bytes, Results], tuple[Enhanced, bytes]]:
    def call(blob: bytes, results: Results) -> tuple[Enhanced, bytes]:
        out = io.BytesIO()
        with open_deck(blob) as deck:
            done = enhance(deck, scan(deck), results, OriginalsStore(tmp_path / "kept"), out)
        return done, out.getvalue()

    return call


Run = Callable[[bytes, Results], tuple[Enhanced, bytes]]


def test_the_same_picture_on_two_decks_is_sharpened_once(run: Run, tmp_path: Path) -> None:
    sharpen = Interpolation()
    results = Results(tmp_path, sharpen)
    first, _ = run(make_deck((png(1), 2), (png(2), 2)), results)
    second, _ = run(make_deck((png(1), 2)), results)
    assert len(sharpen.asked) == 2
    assert [len(done.result.swapped) for done in (first, second)] == [2, 1]


def test_results_wait_in_files(run: Run, tmp_path: Path) -> None:
    run(make_deck((png(1), 2)), Results(tmp_path, Interpolation()))
    assert [path.name for path in tmp_path.glob("*-x4")] == [
        f"{hashlib.sha256(png(1)).hexdigest()}-x4"
    ]


def test_a_failed_picture_stays_and_the_others_are_swapped(run: Run, tmp_path: Path) -> None:
    class FailsForOne(Interpolation):
        def __call__(self, blob: bytes, scale: int) -> Sharpened:
            self.error = UpscaleError("No.") if blob == png(1) else None
            return super().__call__(blob, scale)

    sharpen = FailsForOne()
    done, out = run(make_deck((png(1), 2), (png(2), 2)), Results(tmp_path, sharpen))
    assert [failed.error.code for failed in done.failed] == ["upscale_failed"]
    assert not done.failed[0].is_refusal
    assert len(done.result.swapped) == 1
    with open_deck(out) as deck:
        assert deck.read(done.failed[0].part) == png(1)


def test_a_refused_picture_is_not_a_failure_of_ours_and_is_asked_once(
    run: Run, tmp_path: Path
) -> None:
    sharpen = Interpolation(UnreadablePictureError("Damaged."))
    results = Results(tmp_path, sharpen)
    for _ in range(2):
        done, _ = run(make_deck((png(1), 2)), results)
        assert done.failed[0].is_refusal
    assert len(sharpen.asked) == 1


def test_every_picture_is_told_when_it_is_through(tmp_path: Path) -> None:
    told: list[str] = []
    with open_deck(make_deck((png(1), 2), (png(2), 3))) as deck:
        found = scan(deck)
        store = OriginalsStore(tmp_path / "kept")
        results = Results(tmp_path, Interpolation())
        enhance(deck, found, results, store, io.BytesIO(), lambda p: told.append(p.part))
    assert sorted(told) == sorted(picture.part for picture in found.low)


def test_the_original_is_found_by_the_new_bytes(run: Run, tmp_path: Path) -> None:
    done, _ = run(make_deck((png(1), 2)), Results(tmp_path, Interpolation()))
    kept = OriginalsStore(tmp_path / "kept").find(done.result.swapped[0].new_sha256)
    assert kept is not None
    assert kept[0] == png(1)


def test_equal_pictures_get_the_scale_that_the_more_blurred_one_needs(
    run: Run, tmp_path: Path
) -> None:
    # 140 pixels over 1.4 inches want twice as many, over 3 inches four times.
    twin, other = png(1, 140), png(2, 140)
    deck = make_deck((twin, 1.4), (other, 3))
    sharpen = Interpolation()
    run(deck, Results(tmp_path / "apart", sharpen))
    assert [scale for _, scale in sharpen.asked] == [4, 2]
    sharpen = Interpolation()
    done, _ = run(with_part_replaced(deck, other, twin), Results(tmp_path / "equal", sharpen))
    assert [scale for _, scale in sharpen.asked] == [4]
    assert len(done.result.swapped) == 2


def with_part_replaced(deck: bytes, old: bytes, new: bytes) -> bytes:
    """Return the deck with another file in the place of a picture: python-pptx makes no twins."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(deck)) as source, ZipFile(out, "w") as target:
        for item in source.infolist():
            blob = source.read(item)
            target.writestr(item, new if blob == old else blob)
    return out.getvalue()
