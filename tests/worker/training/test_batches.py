"""Batches: pairs that belong together, in the promised shapes, the same for the same seed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from worker.metrics import psnr
from worker.training.batches import Sampler, made_ahead
from worker.training.corpus import Corpus, build_corpus


def natural(seed: int, side_px: int = 160) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((side_px, side_px), Image.Resampling.BICUBIC)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    photos, graphics = tmp_path / "photos", tmp_path / "graphics"
    for seed, folder in enumerate((photos, graphics)):
        folder.mkdir()
        for number in range(4):
            natural(10 * seed + number).save(folder / f"{number}.png")
    return build_corpus(tmp_path / "corpus", photos, graphics, pages=0, seed=1)


@pytest.mark.parametrize("scale", [2, 4])
def test_small_and_sharp_belong_together(corpus: Corpus, scale: int) -> None:
    small, sharp, compression = Sampler(corpus, scale=scale, small_px=24, seed=3).batch(12)
    assert compression.shape == (12,)
    assert compression.dtype == torch.float32
    assert small.shape == (12, 3, 24, 24)
    assert sharp.shape == (12, 3, 24 * scale, 24 * scale)
    assert small.dtype == sharp.dtype == torch.uint8
    shrunk = torch.nn.functional.interpolate(sharp.float(), size=24, mode="area")
    for index, one in enumerate(small):
        likeness = [psnr(one.numpy(), other.numpy()) for other in shrunk]
        assert likeness.index(max(likeness)) == index


def test_the_same_seed_draws_the_same(corpus: Corpus) -> None:
    one, other, third = (
        Sampler(corpus, scale=4, small_px=16, seed=seed).batch(4) for seed in (7, 7, 8)
    )
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])
    assert not torch.equal(one[1], third[1])


def test_batches_made_ahead_are_the_samplers_in_order(corpus: Corpus) -> None:
    expected = Sampler(corpus, scale=4, small_px=16, seed=7)
    with made_ahead(Sampler(corpus, scale=4, small_px=16, seed=7), 2) as batches:
        for _ in range(20):
            assert torch.equal(next(batches)[1], expected.batch(2)[1])


def test_an_error_while_making_a_batch_reaches_the_loop(corpus: Corpus) -> None:
    too_large = Sampler(corpus, scale=4, small_px=16, seed=7)
    too_large._photos = too_large._graphics = []
    with made_ahead(too_large, 2) as batches, pytest.raises(IndexError):
        next(batches)


def test_empty_folders_are_refused(tmp_path: Path) -> None:
    for name in ("photos", "graphics"):
        (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match="no pictures"):
        build_corpus(
            tmp_path / "corpus", tmp_path / "photos", tmp_path / "graphics", pages=0, seed=1
        )
