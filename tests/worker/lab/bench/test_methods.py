"""What a result depends on is in its digest, so that nothing stale is ever shown."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from crispdeck.picture.interpolate import resize
from crispdeck.settings import Settings
from worker.lab.bench import methods
from worker.lab.bench.cases import shrink
from worker.lab.bench.methods import BICUBIC, LANCZOS, Bare, Method, Ours, our_methods
from worker.lab.metrics import Picture
from worker.networks.registry import NETWORKS

FP32 = Settings(device="cpu", dtype="float32", torch_threads=1)


def test_bicubic_is_what_crispdeck_interpolates_with(noise: Picture) -> None:
    small = shrink(noise, 2, "clean")
    ours = resize(small.decoded.pixels, noise.shape[1], noise.shape[0]).colour
    assert np.abs(BICUBIC.enlarge(small, 2).astype(int) - ours).max() <= 1


def test_ours_gives_pixels_of_the_right_size(noise: Picture) -> None:
    small = shrink(noise, 4, "jpeg75")
    made = Ours(FP32).enlarge(small, 4)
    assert made.shape == noise.shape
    assert made.dtype == np.uint8


def test_every_method_and_number_format_has_a_digest_of_its_own() -> None:
    found: list[Method] = [BICUBIC, LANCZOS, Ours(FP32), Ours(replace(FP32, dtype="bfloat16"))]
    found += [Ours(replace(FP32, crispness=0.7)), Ours(FP32, crispness=0), Ours(FP32, crispness=1)]
    found += [Bare(FP32, one) for one in NETWORKS.values()]
    assert len({one.digest for one in found}) == len(found)


def test_crispdeck_is_measured_as_users_get_it_without_crispness_and_bare() -> None:
    for scale in (2, 4):
        bare = [f"{one.label}, bare" for one in NETWORKS.values() if one.scale == scale]
        labels = [one.label for one in our_methods(FP32, scale, [0.7])]
        assert labels == ["Crispdeck", "Crispdeck, crispness 0", "Crispdeck, crispness 0.7", *bare]


def test_a_bare_network_gives_nearly_what_crispdeck_gives(noise: Picture) -> None:
    small = shrink(noise.repeat(2, axis=0).repeat(2, axis=1), 4, "clean")
    bare = our_methods(FP32, 4)[-1].enlarge(small, 4)
    assert bare.shape == (40, 48, 3)
    assert np.abs(bare.astype(int) - Ours(FP32).enlarge(small, 4)).mean() < 12


def test_the_crispness_of_the_settings_is_used_unless_another_is_given() -> None:
    edge = np.full((64, 64, 3), 230, np.uint8)
    edge[:, 24:] = 30
    small = shrink(edge, 4, "clean")
    plain, crisp = (Ours(FP32, crispness=one).enlarge(small, 4) for one in (0.0, 1.0))
    usual = Ours(replace(FP32, crispness=1.0)).enlarge(small, 4)
    assert (plain != crisp).any()
    assert (usual == crisp).all()


def test_comments_and_docstrings_change_no_digest(tmp_path: Path) -> None:
    plain, explained, other = (tmp_path / name for name in ("a.py", "b.py", "c.py"))
    plain.write_text("def f(x):\n    return x + 1\n")
    explained.write_text('"""Page."""\n\ndef f(x):  # why\n    """Add."""\n    return (x + 1)\n')
    other.write_text("def f(x):\n    return x + 2\n")
    meanings = [methods._meaning(path) for path in (plain, explained, other)]
    assert meanings[0] == meanings[1] != meanings[2]
