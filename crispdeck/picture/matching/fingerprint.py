"""Short marks by which the original of a picture is found among a million, before any proof.

Two kinds. The whole frame: 64 signs of a cosine transform of a thumbnail (a perceptual hash; Zauner
2010), which hardly change by scale, JPEG, a change of colour or a slight crop. Places in it: SIFT
descriptors (Lowe 2004), each brought to one number by random hyperplanes (Charikar 2002), so that a
crop shares some of them. Both are looked up as equal numbers, which every database can; near ones
are reached by asking for several (multi-probe; Lv et al. 2007).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.matching.geometry import TURNS
from crispdeck.picture.matching.marks import WORD_BITS

Grey = NDArray[np.uint8]

WORDS = 96
"""Of each picture in an index."""
ASKED_WORDS = 128
"""Of a picture that asks: it shows fewer of the large features than its original."""

_THUMBNAIL_PX = 32
"""Side of the picture whose DCT is taken, as in perceptual hashes of the usual kind."""
_HASHED = 8  # lowest frequencies of the DCT along each side: 8 × 8 are the 64 bits
_LONGEST_PX = 512
"""Larger pictures are shrunk to it: features of that size survive any shrinking; a guess."""
_LEAST_PX = 320  # smaller ones are enlarged to it: SIFT finds few features in them; a guess
_PROBED_BITS = 3
"""Least certain bits of a word that are tried both ways: eight words for each feature."""
_CENTRE = 0.08
"""About the mean of RootSIFT's components, around which the hyperplanes lie."""
_PLANES = np.random.default_rng(20).standard_normal((128, WORD_BITS)).astype(np.float32)


@dataclass(frozen=True)
class Fingerprint:
    """What an index keeps of a picture.

    Attributes:
        frame: 64 bits of the whole frame.
        words: of its largest features, WORD_BITS bits each.
    """

    frame: int
    words: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """What is asked for of a small picture.

    Attributes:
        frames: of the whole frame, in each of the eight turns.
        words: for each feature the words that it may have as well, its own first.
    """

    frames: tuple[int, ...]
    words: tuple[tuple[int, ...], ...]

    def apart_bits(self, other: Fingerprint) -> int:
        """Return how many bits of the whole frame differ, in the nearest turn."""
        return min((frame ^ other.frame).bit_count() for frame in self.frames)

    def shared(self, words: Mapping[int, float]) -> float:
        """Return what is shared with a picture.

        Args:
            words: of the picture, with what each weighs: the fewer have it, the more.
        """
        return sum(
            max((words[word] for word in probes if word in words), default=0.0)
            for probes in self.words
        )


def fingerprint(grey: Grey) -> Fingerprint:
    """Take the fingerprint of a picture (H, W)."""
    projected = _projected(grey, WORDS)
    return Fingerprint(frame_hash(grey), tuple(sorted({_word(each) for each in projected})))


def question(grey: Grey) -> Question:
    """Prepare what to ask for the original of a picture (H, W)."""
    frames = tuple(frame_hash(np.asarray(turn.apply(grey), np.uint8)) for turn in TURNS)
    return Question(frames, tuple(_probes(each) for each in _projected(grey, ASKED_WORDS)))


def frame_hash(grey: Grey) -> int:
    """Return 64 bits of the coarse content of the whole frame."""
    size = (_THUMBNAIL_PX, _THUMBNAIL_PX)
    tiny = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
    low = cv2.dct(tiny)[:_HASHED, :_HASHED].ravel()
    low[0] = 0.0
    signs = low > np.median(low)
    return int.from_bytes(np.packbits(signs).tobytes(), "big")


def _projected(grey: Grey, most: int) -> Iterable[NDArray[np.float32]]:
    """Describe the largest features and project each on the hyperplanes."""
    longest = max(grey.shape)
    factor = min(1.0, _LONGEST_PX / longest) if longest > _LEAST_PX else _LEAST_PX / longest
    size = (max(8, round(grey.shape[1] * factor)), max(8, round(grey.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = grey if factor == 1 else cv2.resize(grey, size, interpolation=way)
    # Flat drawings have few strong features: the thresholds are lower than OpenCV's.
    sift = cv2.SIFT.create(contrastThreshold=0.01, edgeThreshold=20)
    keypoints = sift.detect(scaled, None)
    # The largest survive shrinking; of equal ones those with more contrast.
    chosen = sorted(keypoints, key=lambda point: -(point.size * point.response**0.5))[:most]
    if not chosen:
        return ()
    _, descriptors = sift.compute(scaled, chosen)
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7))
    return np.asarray((rooted - _CENTRE) @ _PLANES, np.float32)


def _word(projected: NDArray[np.float32]) -> int:
    return int.from_bytes(np.packbits(projected > 0).tobytes(), "big")


def _probes(projected: NDArray[np.float32]) -> tuple[int, ...]:
    """Return a feature's word and those in which its least certain bits are otherwise."""
    own = _word(projected)
    weakest = np.argsort(np.abs(projected))[:_PROBED_BITS]
    flips = [1 << (WORD_BITS - 1 - int(bit)) for bit in weakest]
    words = [own]
    for count in range(1, _PROBED_BITS + 1):
        words += [own ^ sum(chosen) for chosen in combinations(flips, count)]
    return tuple(words)
