"""How good a network under training is on pictures that it never sees; no training."""

import io
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from PIL import Image

from crispdeck.picture.compression import SHRUNK
from worker.lab.metrics import psnr_luma
from worker.lab.training.corpus import Array, Corpus, Kind
from worker.lab.training.degradations import Small, open_lossy
from worker.networks.plain import PlainNetwork

PICTURES_PER_KIND = 8  # a check takes seconds with so many
SIDE_PX = 256  # of the middle that is cut out of each: 64 small pixels at ×4
JPEG_QUALITY = 75  # libjpeg's and Pillow's default

Regime = Literal["clean", "jpeg"]
REGIMES: tuple[Regime, ...] = ("clean", "jpeg")
KINDS: tuple[Kind, ...] = ("photo", "graphic")


@dataclass(frozen=True)
class Score:
    """Mean PSNR of luma in dB at one exit, and how much that is over bicubic interpolation."""

    exit: str
    kind: Kind
    regime: Regime
    psnr_db: float
    gain_db: float


def validate(network: PlainNetwork, corpus: Corpus) -> Iterator[Score]:
    """Measure on the middles of some held-back pictures: shrunk by bicubic, then as JPEG 75."""
    for scale in sorted({one.scale for one in network.exits}):
        for kind in KINDS:
            pictures = [Image.fromarray(sharp) for sharp in _middles(corpus, kind)]
            for regime in REGIMES:
                yield from _scores(network, pictures, scale, kind, regime)


def _middles(corpus: Corpus, kind: Kind) -> list[Array]:
    entries = corpus.select(kind, held_back=True)
    step = max(1, len(entries) // PICTURES_PER_KIND)
    return [_middle(corpus.pixels(entry)) for entry in entries[::step][:PICTURES_PER_KIND]]


def _middle(pixels: Array) -> Array:
    height, width = (min(SIDE_PX, side // 4 * 4) for side in pixels.shape[:2])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return np.asarray(pixels[top : top + height, left : left + width])


def _scores(
    network: PlainNetwork, pictures: list[Image.Image], scale: int, kind: Kind, regime: Regime
) -> Iterator[Score]:
    by_exit: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for sharp in pictures:
        small = _small(sharp, scale, regime)
        plain = small.picture.resize(sharp.size, Image.Resampling.BICUBIC)
        plain_db = psnr_luma(np.asarray(plain), np.asarray(sharp), crop_px=scale)
        for name, enlarged in _enlarged(network, small, scale):
            ours_db = psnr_luma(enlarged, np.asarray(sharp), crop_px=scale)
            # A drawing's middle may be empty ground: equal pictures say nothing.
            if math.isfinite(ours_db + plain_db):
                by_exit[name].append((ours_db, plain_db))
    for name, pairs in by_exit.items():
        ours, plains = (float(np.mean(column)) for column in zip(*pairs, strict=True))
        yield Score(name, kind, regime, ours, ours - plains)


def _small(sharp: Image.Image, scale: int, regime: Regime) -> Small:
    size = sharp.width // scale, sharp.height // scale
    shrunk = sharp.resize(size, Image.Resampling.BICUBIC)
    if regime == "clean":
        return Small(shrunk, SHRUNK)
    file = io.BytesIO()
    shrunk.save(file, "JPEG", quality=JPEG_QUALITY)
    return open_lossy(file.getvalue())


def _enlarged(network: PlainNetwork, small: Small, scale: int) -> Iterator[tuple[str, Array]]:
    device = network.head.weight.device
    x = torch.from_numpy(np.array(small.picture)).permute(2, 0, 1)[None].float() / 255
    compression = torch.tensor([small.compression])
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
        for one, out in network.enlarge(x.to(device), compression.to(device), scale):
            levels = (out[0].float().permute(1, 2, 0) * 255).round().clamp(0, 255)
            yield one.name, levels.to(torch.uint8).cpu().numpy()
