"""Motifs: held out from training, registered, with the words that stand on them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.lab.training.families import Families
from worker.lab.training.renders.registration import Box
from worker.lab.validation.motifs import (
    FACES,
    _words_in,
    face_motifs,
    logo_motifs,
    page_motifs,
    photo_motifs,
)

pytest.importorskip("resvg_py", reason="needs the extra `train` to render drawings")


def test_only_words_that_lie_whole_in_the_window_count() -> None:
    placed = [
        ("in", 10.0, 10.0, 20.0, 20.0),
        ("cut", 95.0, 10.0, 105.0, 20.0),
        ("\ue001", 30.0, 10.0, 40.0, 20.0),
        ("—", 50.0, 10.0, 60.0, 20.0),
    ]
    assert _words_in(Box(0, 0, 100, 50), placed) == ("in",)


def test_logos_are_held_out_and_keep_a_clear_ground(shared_data: Path) -> None:
    motifs = list(logo_motifs(shared_data / "train" / "graphics", 3, 1))
    assert [motif.name for motif in motifs] == ["logo-01", "logo-02", "logo-03"]
    for motif in motifs:
        small = motif.drawn[4]
        assert motif.truths[4].size == (small.width * 4, small.height * 4)
        alpha = np.asarray(motif.truths[2])[..., 3]
        assert alpha.min() == 0
        assert alpha.max() == 255


def test_photographs_and_faces_are_never_trained_on(shared_data: Path) -> None:
    photos = shared_data / "train" / "photos"
    assert all(Families(photos).held_back(name) for name in FACES if (photos / name).exists())
    scenes = list(photo_motifs(photos, 2, 1))
    assert {min(motif.truths[4].size) // 4 for motif in scenes} == {136}
    faces = list(face_motifs(photos))
    assert len(faces) == sum(len(boxes) for boxes in FACES.values())
    for motif in faces:
        assert all(side % 4 == 0 for side in motif.truths[4].size)


@pytest.mark.browser
def test_pages_give_every_flat_class_with_its_words() -> None:
    pytest.importorskip("playwright.sync_api")
    motifs = {motif.kind: motif for motif in page_motifs(1, 3)}
    assert set(motifs) == {"text", "ui", "code", "table", "diagram", "chart"}
    for motif in motifs.values():
        small, sharp = motif.drawn[4], motif.truths[4]
        assert max(small.size) < 200
        assert sharp.size == (small.width * 4, small.height * 4)
        assert motif.words is not None
        assert len(motif.words) >= 3
        boxed = sharp.resize(small.size, Image.Resampling.BOX)
        one, other = (np.asarray(picture, float).ravel() for picture in (boxed, small))
        assert np.corrcoef(one, other)[0, 1] > 0.75
