"""How good a network under training is on pictures that it never sees; no training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import nn

from worker.metrics import psnr_luma
from worker.training.corpus import Array, Corpus, Kind

PICTURES_PER_KIND = 12
SIDE_PX = 256


@dataclass(frozen=True)
class Score:
    """Mean PSNR of luma in dB, and how much that is over bicubic interpolation."""

    kind: Kind
    psnr_db: float
    gain_db: float


def validate(network: nn.Module, corpus: Corpus, scale: int) -> list[Score]:
    """Measure on the middles of some held-back pictures, shrunk by bicubic."""
    kinds: tuple[Kind, Kind] = ("photo", "graphic")
    return [_score(network, kind, _middles(corpus, kind), scale) for kind in kinds]


def _middles(corpus: Corpus, kind: Kind) -> list[Array]:
    entries = corpus.select(kind, held_back=True)
    step = max(1, len(entries) // PICTURES_PER_KIND)
    return [_middle(corpus.pixels(entry)) for entry in entries[::step][:PICTURES_PER_KIND]]


def _middle(pixels: Array) -> Array:
    height, width = (min(SIDE_PX, side // 4 * 4) for side in pixels.shape[:2])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return np.asarray(pixels[top : top + height, left : left + width])


def _score(network: nn.Module, kind: Kind, pictures: Sequence[Array], scale: int) -> Score:
    networks, bicubics = [], []
    for sharp in pictures:
        whole = Image.fromarray(sharp)
        small = whole.resize(
            (whole.width // scale, whole.height // scale), Image.Resampling.BICUBIC
        )
        plain = np.asarray(small.resize(whole.size, Image.Resampling.BICUBIC))
        networks.append(psnr_luma(_enlarge(network, np.asarray(small)), sharp, crop_px=scale))
        bicubics.append(psnr_luma(plain, sharp, crop_px=scale))
    # A drawing's middle may be empty ground: equal pictures say nothing.
    finite = [(n, b) for n, b in zip(networks, bicubics, strict=True) if math.isfinite(n + b)]
    if not finite:
        return Score(kind, math.nan, math.nan)
    ours, plain_db = (float(np.mean(column)) for column in zip(*finite, strict=True))
    return Score(kind, ours, ours - plain_db)


def _enlarge(network: nn.Module, small: Array) -> Array:
    x = torch.from_numpy(small.copy()).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        out = network(x)[0].float().permute(1, 2, 0)
    pixels: Array = (out * 255).round().clamp(0, 255).to(torch.uint8).numpy()
    return pixels
