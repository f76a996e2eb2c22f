"""Batches of (small, sharp) crops from the corpus, made ahead in a thread; no network."""

import queue
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from worker.lab.training.corpus import Array, Corpus, Entry, Pair
from worker.lab.training.degradations import Small, degrade, degrade_render
from worker.lab.training.softness import SOFT_SHARE_OF_FLAT, SOFT_SHARE_OF_PHOTOS, softened

SHARES = {"photo": 0.45, "graphic": 0.17, "screen": 0.15, "pair": 0.23}
"""What a sample is cut from. Three quarters of the small pictures in real decks are flat."""

BATCHES_AHEAD = 12  # kept ready: JPEG and WebP make some far slower than a step; a guess
# A crop of a drawing is mostly empty ground; the liveliest of this many is taken.
TRIES_FOR_A_LIVELY_CROP = 3
# Of the windows drawn at every scale, the small one is taken as it was drawn, or made by shrinking.
SHRUNK_SHARE_OF_PAIRS = 0.3
# ×2 also goes from a fine screen to a finer one.
FINER_SHARE_OF_PAIRS = 0.3
# A whole scene, down to the size of one crop: its borders are the borders of a picture.
WHOLE_SHARE = 0.12
# Letters are hardly ever mirrored or turned, but a network that takes them so learns its edges.
UPRIGHT_SHARE_OF_FLAT = 0.6
# One batch in so many holds four times as many pictures of half the side: the tiniest there are.
TINY_BATCHES_ONE_IN = 8
SMALLEST_SIDE_PX = 24  # of a small crop; in smaller ones borders are all that M sees. A guess


class Batch(NamedTuple):
    """What one training step learns from.

    Attributes:
        small, sharp: uint8 (N, 3, side, side) and (N, 3, side × scale, side × scale).
        compression: float32 (N,), 0 to 1 or SHRUNK: what would be known of each small file.
    """

    small: Tensor
    sharp: Tensor
    compression: Tensor


Sample = tuple[Array, Array, float]


class Sampler:
    """Draws random crops; the same seed draws the same ones.

    Every small crop is made from its sharp one alone, or drawn and cut, so that it is a picture of
    its own: it ends where its pixels end, as a small picture on a slide does.
    """

    def __init__(
        self, corpus: Corpus, *, scale: int, small_px: int, seed: int, softness: float = 1.0
    ) -> None:
        """Draw small crops of `small_px`, and sharp ones `scale` (2 or 4) times as large.

        `softness` times as many truths as usual are made soft.
        """
        self._corpus = corpus
        self._scale = scale
        self._small_px = small_px
        self._softness = softness
        self._rng = random.Random(seed)  # noqa: S311
        self._entries = {
            kind: corpus.select(kind, held_back=False) for kind in ("photo", "graphic", "screen")
        }
        self._pairs = [pair for pair in corpus.pairs if not pair.held_back]
        self._pages: dict[int, list[list[Pair]]] = {}
        self._large: dict[int, dict[str, list[Entry]]] = {}

    def batch(self, size: int) -> Batch:
        """Draw `size` samples, or now and then four times as many of half the side."""
        tiny = self._small_px // 2
        if tiny >= SMALLEST_SIDE_PX and self._rng.randrange(TINY_BATCHES_ONE_IN) == 0:
            return self._batch(4 * size, tiny)
        return self._batch(size, self._small_px)

    def _batch(self, size: int, side_px: int) -> Batch:
        pages, entries = self._pages_for(side_px), self._entries_for(side_px)
        have: dict[str, Sequence[object]] = {**entries, "pair": pages}
        shares = [share if have[kind] else 0.0 for kind, share in SHARES.items()]
        kinds = self._rng.choices(list(SHARES), shares, k=size)
        samples = [
            self._from_pair(self._rng.choice(self._rng.choice(pages)), side_px)
            if kind == "pair"
            else self._from_entry(entries[kind], side_px, flat=kind != "photo")
            for kind in kinds
        ]
        small, sharp, compression = zip(*samples, strict=True)
        return Batch(_as_tensor(small), _as_tensor(sharp), torch.tensor(compression))

    def _entries_for(self, side_px: int) -> dict[str, list[Entry]]:
        """List the pictures that are large enough: an enlarged one would teach softness."""
        sharp_px = side_px * self._scale
        if sharp_px not in self._large:
            self._large[sharp_px] = {
                kind: [e for e in entries if min(e.height_px, e.width_px) >= sharp_px]
                for kind, entries in self._entries.items()
            }
        return self._large[sharp_px]

    def _pages_for(self, side_px: int) -> list[list[Pair]]:
        """List the windows that are large enough, page by page: a page counts once."""
        if side_px not in self._pages:
            pages: dict[str, list[Pair]] = {}
            for pair in self._pairs:
                if min(pair.height_px, pair.width_px) >= side_px:
                    pages.setdefault(pair.name, []).append(pair)
            self._pages[side_px] = list(pages.values())
        return self._pages[side_px]

    def _from_entry(self, entries: Sequence[Entry], side_px: int, *, flat: bool) -> Sample:
        sharp = self._sharp_crop(entries, side_px * self._scale, flat=flat)
        (sharp,) = self._turned([sharp], flat=flat)
        share = self._softness * (SOFT_SHARE_OF_FLAT if flat else SOFT_SHARE_OF_PHOTOS)
        if self._rng.random() < share:
            sharp = softened(sharp, self._scale, self._rng)
        return _sample(degrade(sharp, self._scale, self._rng), sharp)

    def _sharp_crop(self, entries: Sequence[Entry], sharp_px: int, *, flat: bool) -> Image.Image:
        if self._rng.random() < WHOLE_SHARE:
            return self._whole(self._rng.choice(entries), sharp_px)
        tries = TRIES_FOR_A_LIVELY_CROP if flat else 1
        crops = [self._crop(self._rng.choice(entries), sharp_px) for _ in range(tries)]
        return _resized(Image.fromarray(max(crops, key=_liveliness)), sharp_px)

    def _crop(self, entry: Entry, sharp_px: int) -> Array:
        """Cut a square out of the picture, to be seen at its size or down to half of it."""
        shortest_px = min(entry.height_px, entry.width_px)
        size = self._rng.choice((1.0, 1.0, self._rng.uniform(0.5, 1.0)))
        side_px = min(round(sharp_px / size), shortest_px)
        top = self._rng.randint(0, entry.height_px - side_px)
        left = self._rng.randint(0, entry.width_px - side_px)
        return _square(self._corpus.pixels(entry), top, left, side_px)

    def _whole(self, entry: Entry, sharp_px: int) -> Image.Image:
        """Take the square in the middle of the picture, as large as it is."""
        side_px = min(entry.height_px, entry.width_px)
        top, left = (entry.height_px - side_px) // 2, (entry.width_px - side_px) // 2
        square = Image.fromarray(_square(self._corpus.pixels(entry), top, left, side_px))
        # Means of whole squares first: quick, and what is left is still twice as fine as needed.
        step = max(1, side_px // (2 * sharp_px))
        return _resized(square.reduce(step) if step > 1 else square, sharp_px)

    def _from_pair(self, pair: Pair, side_px: int) -> Sample:
        small_at, sharp_at = (1, self._scale)
        if self._scale == 2 and self._rng.random() < FINER_SHARE_OF_PAIRS:
            small_at, sharp_at = (2, 4)
        small, sharp = (
            Image.fromarray(square)
            for square in self._lively_squares(pair, side_px, small_at, sharp_at)
        )
        small, sharp = self._turned([small, sharp], flat=True)
        if self._rng.random() < SHRUNK_SHARE_OF_PAIRS:
            return _sample(degrade(sharp, self._scale, self._rng), sharp)
        return _sample(degrade_render(small, self._rng), sharp)

    def _lively_squares(
        self, pair: Pair, side_px: int, small_at: int, sharp_at: int
    ) -> tuple[Array, Array]:
        """Cut the same square out of both drawings; the liveliest of a few places."""
        small, sharp = (self._corpus.drawn(pair, scale) for scale in (small_at, sharp_at))
        height, width = small.shape[:2]
        places = [
            (self._rng.randint(0, height - side_px), self._rng.randint(0, width - side_px))
            for _ in range(TRIES_FOR_A_LIVELY_CROP)
        ]
        scale = self._scale
        squares = [
            (
                _square(small, top, left, side_px),
                _square(sharp, top * scale, left * scale, side_px * scale),
            )
            for top, left in places
        ]
        return max(squares, key=lambda square: _liveliness(square[0]))

    def _turned(self, crops: list[Image.Image], *, flat: bool) -> list[Image.Image]:
        """Turn or mirror all alike."""
        if flat and self._rng.random() < UPRIGHT_SHARE_OF_FLAT:
            return crops
        turn = self._rng.choice([None, *Image.Transpose])
        return crops if turn is None else [crop.transpose(turn) for crop in crops]


def _sample(small: Small, sharp: Image.Image) -> Sample:
    return np.asarray(small.picture), np.asarray(sharp), small.compression


def _resized(picture: Image.Image, side_px: int) -> Image.Image:
    if picture.size == (side_px, side_px):
        return picture
    return picture.resize((side_px, side_px), Image.Resampling.LANCZOS)


def _square(pixels: Array, top: int, left: int, side_px: int) -> Array:
    return pixels[top : top + side_px, left : left + side_px]


def _liveliness(pixels: Array) -> float:
    """Measure how much there is to see: the deviation of green, which is most of brightness."""
    step = max(1, pixels.shape[0] // 48)
    return float(pixels[::step, ::step, 1].std())


def _as_tensor(pictures: tuple[Array, ...]) -> Tensor:
    stacked = torch.from_numpy(np.stack(pictures))
    return stacked.permute(0, 3, 1, 2)  # channels_last in memory already


@contextmanager
def prefetched(sampler: Sampler, size: int) -> Iterator[Iterator[Batch]]:
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
            item: Batch | Exception = sampler.batch(size)
        except Exception as error:  # handed to the thread that waits
            item = error
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.2)
            except queue.Full:
                continue
            break


def _taken_from(ready: queue.Queue[Batch | Exception]) -> Iterator[Batch]:
    while True:
        item = ready.get()
        if isinstance(item, Exception):
            raise item
        yield item
