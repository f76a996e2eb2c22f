"""Slides of our own: the same for the same seed, and drawn in the same place at every size."""

from pathlib import Path

import numpy as np
import pytest
from pptx import Presentation

from worker.lab.training.corpus import Corpus, PartWriter
from worker.lab.training.renders.slides import save_deck, write_slides


def shown(path: Path) -> list[list[str]]:
    return [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for slide in Presentation(str(path)).slides
    ]


def test_the_same_seed_writes_the_same_slides(tmp_path: Path) -> None:
    for name, numbers, seed in (("a", range(3), 1), ("b", range(1, 3), 1), ("c", range(3), 2)):
        save_deck(tmp_path / name, numbers, seed)
    a, b, c = (shown(tmp_path / name) for name in "abc")
    assert a[1:] == b
    assert a != c


@pytest.mark.render
def test_windows_of_slides_agree_at_every_size(tmp_path: Path) -> None:
    with PartWriter(tmp_path, "slides") as writer:
        write_slides(writer, range(2), 1)
    corpus = Corpus(tmp_path)
    assert [(e.height_px, e.width_px) for e in corpus.entries] == [(720, 1200)] * 2
    assert len(corpus.pairs) >= 4
    for pair in corpus.pairs:
        sharp = corpus.drawn(pair, 4)
        boxed = sharp.reshape(96, 4, 96, 4, 3).mean((1, 3))
        assert np.corrcoef(boxed.ravel(), corpus.drawn(pair, 1).ravel())[0, 1] > 0.8
