"""Look for the true original of a small picture among others, prove it, and make the result of it.

No network takes part: the result holds the original's own pixels, resampled once.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from crispdeck.errors import CrispdeckError
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.matching.comparison import BLACK, comparable, like
from crispdeck.picture.matching.jpeg_cells import JpegTables, read_tables
from crispdeck.picture.matching.proof import (
    LEAST_FACTOR,
    Proof,
    Rgb,
    agrees_at,
    prove,
    shrinks_back_db,
)
from crispdeck.picture.matching.rendering import most_size_px, rendered
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.provenance import true_size
from crispdeck.picture.reading import decode
from crispdeck.picture.sharpened import Sharpened
from crispdeck.picture.writing import encode
from crispdeck.services.originals.candidates import LibraryPicture
from crispdeck.settings import Settings

ORIGINAL = "original"
"""Stands for the network's name where the pixels are the true original's."""

LEAST_GAIN = 1.5
"""Pixels of the original for each of the small picture below which a network's enlargement shows
more, and the original is left where it is unless it is all that is asked for."""
_MOST_TRIED = 4  # candidates that are put to the proof, each half a second's work; a guess


def find_original(
    blob: bytes, candidates: Iterable[LibraryPicture], most_factor: float, settings: Settings
) -> Sharpened | None:
    """Return the picture made of the first candidate that is proven to be its original.

    Args:
        blob: the small picture's file.
        candidates: the likeliest first.
        most_factor: pixels for each of the small picture that are enough, at the target ppi.
        settings: the most pixels that may come in and out.

    Raises:
        CrispdeckError: the small picture cannot be read; candidates that cannot be are passed over.
    """
    started = time.perf_counter()
    small = decode(blob, max_px=settings.max_input_px)
    room = (settings.max_output_px / small.info.px) ** 0.5
    most_factor = min(most_factor, room)
    tables = _tables(blob, small)
    readable = ((one, theirs) for one in candidates if (theirs := _read(one, settings)) is not None)
    for candidate, theirs in islice(readable, _MOST_TRIED):
        found = _proven(small, theirs, tables, most_factor)
        if found is not None:
            return _made(small, candidate, found, most_factor, time.perf_counter() - started)
    return None


def _read(candidate: LibraryPicture, settings: Settings) -> DecodedPicture | None:
    try:
        blob = candidate.load()
        # Another file may lie there by now: one that nobody added, or that must never be used.
        if hashlib.sha256(blob).hexdigest() != candidate.sha256:
            return None
        return decode(blob, max_px=settings.max_output_px)
    except (CrispdeckError, OSError):
        return None  # moved, deleted or damaged since it was added


@dataclass(frozen=True, eq=False)
class _Found:
    pixels: Pixels
    proof: Proof


def _tables(blob: bytes, small: DecodedPicture) -> JpegTables | None:
    return read_tables(blob) if small.info.format is PictureFormat.JPEG else None


def _proven(
    small: DecodedPicture,
    theirs: DecodedPicture,
    tables: JpegTables | None,
    most_factor: float,
) -> _Found | None:
    pixels = like(theirs, small)
    if pixels is None:
        return None
    proof = prove(comparable(small.pixels), comparable(pixels), tables)
    if not isinstance(proof, Proof) or not _is_gain(proof, pixels, most_factor):
        return None
    if pixels.alpha is not None and not _agrees_on_black(small.pixels, pixels, proof, tables):
        return None
    return _Found(pixels, proof)


def _is_gain(proof: Proof, pixels: Pixels, most_factor: float) -> bool:
    """Say whether there is enough more in it, also where it was itself enlarged before."""
    factor = min(proof.registration.factors)
    enlarged = true_size(pixels)
    if enlarged is not None:
        factor /= enlarged.factor
    return factor >= max(LEAST_FACTOR, min(LEAST_GAIN, most_factor))


def _agrees_on_black(
    small: Pixels, pixels: Pixels, proof: Proof, tables: JpegTables | None
) -> bool:
    """Compare on a second ground: alike on white and on black is alike in alpha too."""
    turned: Rgb = np.asarray(proof.registration.turn.apply(comparable(pixels, BLACK)), np.uint8)
    return agrees_at(comparable(small, BLACK), turned, proof.registration, tables)


def _made(
    small: DecodedPicture,
    candidate: LibraryPicture,
    found: _Found,
    most_factor: float,
    seconds: float,
) -> Sharpened:
    started = time.perf_counter()
    proof = found.proof
    size_px = most_size_px(proof, most_factor)
    pixels = rendered(found.pixels, proof, size_px)
    scale = size_px[0] / proof.small_px[0]
    encoded = encode(pixels, small, scale=scale)
    report = {
        "network": ORIGINAL,
        "chosen": ORIGINAL,
        "scale": round(scale, 4),
        "dtype": None,
        "device": "cpu",
        "fallback": None,
        "original": _report(candidate, proof)
        | {
            "shrinks_back_db": round(
                shrinks_back_db(comparable(small.pixels), comparable(pixels)), 1
            )
        },
        "seconds": round(seconds + time.perf_counter() - started, 4),
    }
    return Sharpened(encoded.blob, encoded.format, *size_px, report)


def _report(candidate: LibraryPicture, proof: Proof) -> dict[str, Any]:
    """Say in JSON whose pixels they are and what was proven of them."""
    turn = proof.registration.turn
    return {
        "name": candidate.name,
        "sha256": candidate.sha256,
        "width_px": candidate.width_px,
        "height_px": candidate.height_px,
        "factor": round(min(proof.registration.factors), 3),
        "quarter_turns": turn.quarters,
        "mirrored": turn.mirrored,
        "colour_matched": proof.colour is not None,
        "deviation": round(proof.deviation, 3),
        "agrees_db": round(proof.agrees_db, 1),
    }
