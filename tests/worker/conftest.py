"""A tiny set of pictures, and peers small enough to write in a test."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

_RLFN = """
from torch import nn
from model import parts

class RLFN(nn.Module):
    def __init__(self, upscale):
        super().__init__()
        self.upscale = upscale
        self.gain = nn.Parameter(parts.ones())

    def forward(self, x):
        assert x.max() > 1, "wants 0..255"
        return nn.functional.interpolate(x * self.gain, scale_factor=self.upscale)
"""

_NCNN = """7767517
2 2
Input  in  0 1 data
Interp up  1 1 data output 0=1 1=4.0 2=4.0
"""


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    """Two pictures, 96 × 64 and 67 × 72, with edges and lines."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for number, size in enumerate([(96, 64), (67, 72)]):
        image = Image.new("RGB", size, "white")
        pen = ImageDraw.Draw(image)
        pen.rectangle((8, 8, 40, 50), fill="navy")
        pen.line((50, 0, 50, 60), fill="black", width=2)
        image.save(folder / f"{number}.png")
    (folder / "notes.txt").write_text("not a picture")
    return folder


@pytest.fixture
def peers(tmp_path: Path) -> Path:
    """Nearest-neighbour "networks" in the two formats of peers, and weights nobody knows."""
    folder = tmp_path / "peers"
    for name in ("rlfn/model", "rlfn/model_zoo", "ncnn"):
        (folder / name).mkdir(parents=True)
    (folder / "rlfn" / "model" / "rlfn.py").write_text(_RLFN)
    (folder / "rlfn" / "model" / "parts.py").write_text(
        "from torch import ones as _o\nones = lambda: _o(1)\n"
    )
    torch.save({"gain": torch.ones(1)}, folder / "rlfn" / "model_zoo" / "rlfn_x4.pth")
    torch.save({"gain": torch.ones(1)}, folder / "rlfn" / "model_zoo" / "other.pth")
    (folder / "ncnn" / "nearest.param").write_text(_NCNN)
    (folder / "ncnn" / "nearest.bin").write_bytes(b"")
    return folder


@pytest.fixture
def noise() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(3).integers(0, 256, (20, 24, 3), dtype=np.uint8)
