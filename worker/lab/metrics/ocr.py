"""Whether the words of a picture can still be read, by the program Tesseract; no torch.

Tesseract reads the original and the enlarged picture; the agreement of the two lists of words is
what counts, so that its own mistakes weigh on all methods alike (R. Smith, An overview of the
Tesseract OCR engine, ICDAR 2007).
"""

import io
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

from worker.lab.metrics.fidelity import Picture

SURE = 60.0
"""Tesseract's confidence, in percent, from which a word counts as read."""
LEAST_LETTERS = 3  # of a word: shorter ones tesseract finds in any noise; a guess
TIMEOUT_S = 120  # for one picture; a guess
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """What was read, in lower case, its box in pixels of the picture, and whether that is sure."""

    text: str
    is_certain: bool
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Reading:
    """How the words of an enlarged picture agree with those of the original.

    Attributes:
        words: how many the original has.
        right: how many of these were read in the enlarged picture too.
        agreement: 2 · right / (words in one + words in the other), 0 to 1.
        invented: words read where the original has no word at all, not even an unsure one.
    """

    words: int
    right: int
    agreement: float
    invented: int


@cache
def tesseract_version() -> str | None:
    """Version of the program, None where it is not installed."""
    if shutil.which("tesseract") is None:
        return None
    shown = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=False)
    return (shown.stdout or shown.stderr).split("\n", 1)[0].removeprefix("tesseract").strip()


def read_words(
    picture: Picture, *, enlarge: float = 1, least_confidence: float = SURE
) -> list[Word]:
    """Read the words of (H, W, 3), scattered text included.

    `enlarge` makes print larger beforehand (bicubic), as tesseract needs about 20 px.

    Raises:
        FileNotFoundError: tesseract is not installed.
        subprocess.SubprocessError: it failed or took longer than TIMEOUT_S.
    """
    image = Image.fromarray(picture)
    if enlarge > 1:
        size = round(image.width * enlarge), round(image.height * enlarge)
        image = image.resize(size, Image.Resampling.BICUBIC)
    blob = io.BytesIO()
    image.save(blob, "PPM")
    read = subprocess.run(
        ["tesseract", "-", "-", "--psm", "11", "-l", "eng", "tsv"],
        input=blob.getvalue(),
        capture_output=True,
        check=True,
        timeout=TIMEOUT_S,
        # Its threads spin on a busy machine; one is as fast on pictures this small.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return _words(read.stdout.decode("utf-8", "replace"), enlarge, least_confidence)


def _words(tsv: str, enlarge: float, least_confidence: float) -> list[Word]:
    words = []
    for line in tsv.splitlines()[1:]:
        cells = line.split("\t")
        confidence = float(cells[10]) if len(cells) == 12 else -1.0
        if confidence < least_confidence:
            continue
        left, top, width, height = (int(cell) / enlarge for cell in cells[6:10])
        words += [
            Word(text, confidence >= SURE, left, top, width, height)
            for text in _LETTERS.findall(cells[11].lower())
            if len(text) >= LEAST_LETTERS
        ]
    return words


def compare_words(
    upscaled: Sequence[Word], truth: Sequence[Word], all_of_truth: Sequence[Word]
) -> Reading:
    """Compare what was read; `all_of_truth` also holds what was read with little confidence."""
    counts, true_counts = (Counter(word.text for word in words) for words in (upscaled, truth))
    right = (counts & true_counts).total()
    total = counts.total() + true_counts.total()
    return Reading(
        words=len(truth),
        right=right,
        agreement=2 * right / total if total else 1.0,
        invented=sum(not any(_overlap(word, one) for one in all_of_truth) for word in upscaled),
    )


def _overlap(one: Word, other: Word) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )
