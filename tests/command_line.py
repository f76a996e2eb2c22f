"""Decks, pictures and a way to run `crispdeck` in this process."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from crispdeck.cli.program import run


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("CRISPDECK_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def cli(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line and return its exit code and words."""

    def call(*arguments: str | Path) -> Ran:
        if arguments and arguments[0] in {"enhance", "upscale", "watch"}:
            pytest.importorskip("torch", reason="needs the extra `worker` to make pictures")
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


def picture(kind: str, width_px: int, height_px: int, seed: int) -> bytes:
    """Return a file of coarse coloured blocks, no two alike."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    image = Image.fromarray(blocks).resize((width_px, height_px), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture
def make_deck() -> Callable[..., Path]:
    """Return a function that writes a deck with one picture on each slide, 2 × 1.5 inches."""

    def make(path: Path, *blobs: bytes) -> Path:
        deck = Presentation()
        deck.slide_width = Inches(40 / 3)  # as PowerPoint makes them today
        for blob in blobs:
            slide = deck.slides.add_slide(deck.slide_layouts[6])
            slide.shapes.add_picture(io.BytesIO(blob), Inches(1), Inches(1), Inches(2), Inches(1.5))
        path.parent.mkdir(parents=True, exist_ok=True)
        deck.save(str(path))
        return path

    return make


@pytest.fixture
def low_png() -> bytes:
    return picture("PNG", 48, 36, 1)


@pytest.fixture
def low_jpeg() -> bytes:
    return picture("JPEG", 48, 36, 2)


@pytest.fixture
def low_gif() -> bytes:
    return picture("GIF", 48, 36, 3)


@pytest.fixture
def sharp_png() -> bytes:
    return picture("PNG", 800, 600, 4)


@pytest.fixture
def deck(
    tmp_path: Path,
    make_deck: Callable[..., Path],
    low_png: bytes,
    low_gif: bytes,
    low_jpeg: bytes,
    sharp_png: bytes,
) -> Path:
    """Three blurred pictures of three formats and a sharp one."""
    return make_deck(tmp_path / "in" / "talk.pptx", low_png, low_jpeg, low_gif, sharp_png)
