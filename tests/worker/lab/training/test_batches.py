"""Batches: pairs that belong together, in the promised shapes, the same for the same seed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from crispdeck.picture.compression import LOSSLESS, SHRUNK
from worker.lab.metrics import psnr
from worker.lab.training import batches
from worker.lab.training.batches import Sampler, prefetched
from worker.lab.training.corpus import Array, Corpus, PartWriter


def natural(seed: int, side_px: int = 208) -> Array:
    rough = np.random.default_rng(seed).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    resized = Image.fromarray(rough).resize((side_px, side_px), Image.Resampling.BICUBIC)
    return np.asarray(resized)


def levels(seed: int, side_px: int) -> tuple[Array, Array, Array]:
    """Three sizes of one thing; the small ones are marked: red goes up by one, then by two."""
    one, two, four = (natural(seed, side_px * scale) // 2 for scale in (1, 2, 4))
    return one, two + np.uint8(1), four + np.uint8(2)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    with PartWriter(tmp_path, "all") as writer:
        for seed in range(4):
            for offset, kind in ((0, "photo"), (10, "graphic"), (20, "screen")):
                writer.add(f"{kind}-{seed}", kind, natural(seed + offset), held_back=False)  # type: ignore[arg-type]
            writer.add("kept", "photo", np.zeros((208, 208, 3), np.uint8), held_back=True)
            writer.add_pair(f"page-{seed}", levels(seed + 30, 96), held_back=False)
            writer.add_pair(f"icon-{seed}", levels(seed + 40, 24), held_back=False)
        writer.add_pair("kept", levels(50, 96), held_back=True)
    return Corpus(tmp_path)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut from pairs alone, upright, and take the small one as it was drawn."""
    monkeypatch.setattr(batches, "SHARES", {"pair": 1.0})
    monkeypatch.setattr(batches, "SHRUNK_SHARE_OF_PAIRS", 0.0)
    monkeypatch.setattr(batches, "UPRIGHT_SHARE_OF_FLAT", 1.0)
    monkeypatch.setattr("worker.lab.training.degradations.CLEAN_SHARE_OF_RENDERS", 1.0)


@pytest.mark.parametrize("scale", [2, 4])
def test_small_and_sharp_belong_together(corpus: Corpus, scale: int) -> None:
    small, sharp, compression = Sampler(corpus, scale=scale, small_px=32, seed=3).batch(24)
    assert small.shape == (24, 3, 32, 32)
    assert sharp.shape == (24, 3, 32 * scale, 32 * scale)
    assert small.dtype == sharp.dtype == torch.uint8
    assert compression.shape == (24,)
    assert compression.dtype == torch.float32
    shrunk = torch.nn.functional.interpolate(sharp.float(), size=32, mode="area")
    for index, one in enumerate(small):
        likeness = [psnr(one.numpy(), other.numpy()) for other in shrunk]
        assert likeness.index(max(likeness)) == index


@pytest.mark.usefixtures("only")
@pytest.mark.parametrize(("scale", "steps"), [(4, {2}), (2, {1})])
def test_pairs_are_cut_from_both_drawings_at_one_place(
    corpus: Corpus, scale: int, steps: set[int]
) -> None:
    small, sharp, compression = Sampler(corpus, scale=scale, small_px=32, seed=3).batch(16)
    assert set(compression.tolist()) <= {LOSSLESS, SHRUNK}
    centre = sharp[..., scale // 2 :: scale, scale // 2 :: scale].int() - small.int()
    assert {round(float(one.float().mean())) for one in centre} == steps


@pytest.mark.usefixtures("only")
def test_a_page_of_many_windows_counts_no_more_than_another(tmp_path: Path) -> None:
    with PartWriter(tmp_path, "all") as writer:
        for _ in range(30):
            writer.add_pair("logos", levels(1, 32), held_back=False)
        writer.add_pair("text", levels(2, 32), held_back=False)
    small, _, _ = Sampler(Corpus(tmp_path), scale=4, small_px=32, seed=3).batch(200)
    text = torch.from_numpy(levels(2, 32)[0].copy()).permute(2, 0, 1)
    assert 0.35 < sum(torch.equal(one, text) for one in small) / 200 < 0.65


@pytest.mark.usefixtures("only")
def test_a_whole_icon_is_taken_with_its_borders(corpus: Corpus) -> None:
    icons = [corpus.drawn(pair, 1) for pair in corpus.pairs if pair.height_px == 24]
    small, _, _ = Sampler(corpus, scale=4, small_px=24, seed=3).batch(40)
    known = {icon.tobytes() for icon in icons}
    taken = {one.permute(1, 2, 0).numpy().tobytes() for one in small}
    assert known <= taken


def test_now_and_then_a_batch_holds_more_and_tinier_pictures(corpus: Corpus) -> None:
    sampler = Sampler(corpus, scale=2, small_px=48, seed=1)
    shapes = [tuple(sampler.batch(2).small.shape) for _ in range(60)]
    assert set(shapes) == {(2, 3, 48, 48), (8, 3, 24, 24)}
    assert 2 <= shapes.count((8, 3, 24, 24)) <= 16


def test_no_picture_is_enlarged_to_be_the_sharp_one(tmp_path: Path) -> None:
    with PartWriter(tmp_path, "all") as writer:
        writer.add("small", "photo", np.zeros((127, 300, 3), np.uint8), held_back=False)
        writer.add("large", "photo", np.full((128, 128, 3), 255, np.uint8), held_back=False)
    _, sharp, _ = Sampler(Corpus(tmp_path), scale=4, small_px=32, seed=3, softness=0).batch(30)
    assert int(sharp.min()) == 255


def test_what_is_held_back_is_never_drawn(corpus: Corpus) -> None:
    sampler = Sampler(corpus, scale=2, small_px=24, seed=1)
    assert "kept" not in {pair.name for pair in sampler._pairs}
    assert all(entry.name != "kept" for kind in sampler._entries.values() for entry in kind)


def test_the_same_seed_draws_the_same(corpus: Corpus) -> None:
    one, other, third = (
        Sampler(corpus, scale=4, small_px=16, seed=seed).batch(6) for seed in (7, 7, 8)
    )
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert not torch.equal(one.sharp, third.sharp)


def test_batches_made_ahead_are_the_samplers_in_order(corpus: Corpus) -> None:
    expected = Sampler(corpus, scale=4, small_px=16, seed=7)
    with prefetched(Sampler(corpus, scale=4, small_px=16, seed=7), 2) as ahead:
        for _ in range(20):
            assert torch.equal(next(ahead).sharp, expected.batch(2).sharp)


def test_an_error_while_making_a_batch_reaches_the_loop(corpus: Corpus) -> None:
    too_large = Sampler(corpus, scale=4, small_px=16, seed=7)
    too_large._entries = {"photo": [], "graphic": [], "screen": []}
    too_large._pairs = []
    with prefetched(too_large, 2) as ahead, pytest.raises(ValueError, match="weights"):
        next(ahead)


@pytest.mark.parametrize("kind", ["photo", "graphic"])
def test_a_corpus_of_one_kind_is_enough(tmp_path: Path, kind: str) -> None:
    with PartWriter(tmp_path, "all") as writer:
        writer.add("one", kind, natural(1), held_back=False)  # type: ignore[arg-type]
    assert Sampler(Corpus(tmp_path), scale=2, small_px=16, seed=1).batch(4).small.shape[0] == 4
