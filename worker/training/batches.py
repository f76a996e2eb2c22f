"""Batches of (small, sharp) crops from the corpus, made ahead in a thread; no network."""

import queue
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from worker.training.corpus import Array, Corpus, Entry
from worker.training.degradations import degrade

PHOTO_SHARE = 0.55
BATCHES_AHEAD = 12
# A crop of a drawing is mostly empty ground; the liveliest of this many is taken.
TRIES_FOR_A_LIVELY_CROP = 3


class Batch(NamedTuple):
    """What one training step looks at.

    Attributes:
        small, sharp: uint8 (N, 3, side, side) and (N, 3, side × scale, side × scale).
        compression: float32 (N,), 0 to 1: what a decoder would know of each small file.
    """

    small: Tensor
    sharp: Tensor
    compression: Tensor


class Sampler:
    """Draws random crops; the same seed draws the same ones."""

    def __init__(self, corpus: Corpus, *, scale: int, small_px: int, seed: int) -> None:
        self._corpus = corpus
        self._scale = scale
        self._sharp_px = small_px * scale
        self._rng = random.Random(seed)  # noqa: S311
        self._photos = corpus.select("photo", held_back=False)
        self._graphics = corpus.select("graphic", held_back=False)

    def batch(self, size: int) -> Batch:
        """Draw `size` pairs."""
        pairs = [self._pair() for _ in range(size)]
        small, sharp, compression = zip(*pairs, strict=True)
        return Batch(_as_tensor(small), _as_tensor(sharp), torch.tensor(compression))

    def _pair(self) -> tuple[Array, Array, float]:
        sharp = self._turn(self._sharp_crop())
        small = degrade(sharp, self._scale, self._rng)
        return np.asarray(small.picture), np.asarray(sharp), small.compression

    def _sharp_crop(self) -> Image.Image:
        photo = self._photos and (not self._graphics or self._rng.random() < PHOTO_SHARE)
        if photo:
            return self._crop(self._rng.choice(self._photos))
        tries = [
            self._crop(self._rng.choice(self._graphics)) for _ in range(TRIES_FOR_A_LIVELY_CROP)
        ]
        return max(tries, key=_liveliness)

    def _crop(self, entry: Entry) -> Image.Image:
        """Cut a square out of the picture seen at a third to the whole of its size.

        A small picture in a deck shows a whole scene, so the sharp one must be dense in detail.
        """
        pixels = self._corpus.pixels(entry)
        shortest_px = min(entry.height_px, entry.width_px)
        size = self._rng.choice((1.0, 1.0, self._rng.uniform(0.33, 1.0)))
        side_px = min(round(self._sharp_px / size), shortest_px)
        top = self._rng.randint(0, entry.height_px - side_px)
        left = self._rng.randint(0, entry.width_px - side_px)
        crop = Image.fromarray(pixels[top : top + side_px, left : left + side_px])
        if side_px == self._sharp_px:
            return crop
        return crop.resize((self._sharp_px, self._sharp_px), Image.Resampling.LANCZOS)

    def _turn(self, crop: Image.Image) -> Image.Image:
        turns = [None, *Image.Transpose]
        turn = self._rng.choice(turns)
        return crop if turn is None else crop.transpose(turn)


def _liveliness(crop: Image.Image) -> float:
    return float(np.asarray(crop.convert("L"))[::4, ::4].std())


def _as_tensor(pictures: tuple[Array, ...]) -> Tensor:
    stacked = torch.from_numpy(np.stack(pictures))
    return stacked.permute(0, 3, 1, 2)  # channels_last in memory already


@contextmanager
def made_ahead(sampler: Sampler, size: int) -> Iterator[Iterator[Batch]]:
    """Give batches from a thread that stays a few ahead of the training step."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(BATCHES_AHEAD)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(sampler, size, ready, stop), name="batches")
    thread.start()
    try:
        yield _taken_from(ready)
    finally:
        stop.set()
        thread.join()


def _fill(
    sampler: Sampler, size: int, ready: queue.Queue[Batch | Exception], stop: threading.Event
) -> None:
    while not stop.is_set():
        try:
            made: Batch | Exception = sampler.batch(size)
        except Exception as error:  # handed to the thread that waits
            made = error
        while not stop.is_set():
            try:
                ready.put(made, timeout=0.2)
            except queue.Full:
                continue
            break


def _taken_from(ready: queue.Queue[Batch | Exception]) -> Iterator[Batch]:
    while True:
        made = ready.get()
        if isinstance(made, Exception):
            raise made
        yield made
