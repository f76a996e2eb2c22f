"""Find the pictures of a deck that were enlarged before they came into it; reads pixels.

Only what could change a verdict is decoded, what is shown largest first, and no more in all than
a scan can afford. The limits count pictures, pixels and bytes and not seconds, so that every scan
of a deck finds the same, on any machine.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crispdeck.deck.media import MediaReader
from crispdeck.deck.model import Placement, Reason
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import size_reason
from crispdeck.errors import (
    MalformedDeckError,
    PictureRefusedError,
    UnsupportedPictureError,
)
from crispdeck.picture.provenance import Enlargement, true_size
from crispdeck.picture.reading import decode

MAX_DECODED_PX = 24_000_000
"""Pixels that are decoded for one scan, less than a second's worth."""
MAX_DECODED_PICTURES = 150
"""The real deck with the most has 138; small pictures cost time beside their pixels."""
MAX_DECODED_BYTES = 48 * 2**20
"""Bytes that are unpacked for one scan: a file may be large and hold few pixels."""
MAX_PICTURE_PX = 6_000_000  # pixels of one picture: a quarter of a scan's; a guess
MAX_PICTURE_BYTES = 16 * 2**20  # bytes of one picture: a third of a scan's; a guess
MAX_FACTOR = 8.6
"""The most by which an enlargement is recognised."""


@dataclass(frozen=True)
class _Candidate:
    part: str
    px: int
    size_bytes: int
    shown_sq_in: float


def true_sizes(
    deck: DeckArchive,
    media: MediaReader,
    placements: Sequence[Placement],
    options: ScanOptions,
) -> Mapping[str, Enlargement | Reason]:
    """Return the true size of each part that was enlarged and where that could matter.

    For a part that cannot be decoded the reason is returned: what an upscale would refuse must
    not be promised.
    """
    found: dict[str, Enlargement | Reason] = {}
    for candidate in _affordable(_candidates(deck, media, placements, options)):
        seen = _true_size(deck, candidate.part)
        if seen is not None:
            found[candidate.part] = seen
    return found


def _affordable(candidates: Iterable[_Candidate]) -> Iterator[_Candidate]:
    left, left_px, left_bytes = MAX_DECODED_PICTURES, MAX_DECODED_PX, MAX_DECODED_BYTES
    for one in sorted(candidates, key=lambda one: (-one.shown_sq_in, one.part)):
        if left and one.px <= left_px and one.size_bytes <= left_bytes:
            left, left_px, left_bytes = left - 1, left_px - one.px, left_bytes - one.size_bytes
            yield one


def _candidates(
    deck: DeckArchive,
    media: MediaReader,
    placements: Sequence[Placement],
    options: ScanOptions,
) -> Iterable[_Candidate]:
    shown: dict[str, float] = {}
    largest: dict[str, tuple[float, float]] = {}
    for one in placements:
        ppi = one.effective_ppi
        if one.part is None or not one.is_eligible or ppi is None:
            continue
        if ppi < options.low_ppi * MAX_FACTOR:
            area = (one.shown_width_in or 0.0) * (one.shown_height_in or 0.0)
            if area >= shown.get(one.part, 0.0):
                shown[one.part] = area
                largest[one.part] = one.shown_width_in or 0.0, one.shown_height_in or 0.0
    for part, area in shown.items():
        medium = media.measure(part)
        px = (medium.width_px or 0) * (medium.height_px or 0)
        size_bytes = deck.size_bytes(part)
        if px and size_reason(medium.width_px or 0, medium.height_px or 0, largest[part], options):
            continue
        if 0 < px <= MAX_PICTURE_PX and size_bytes <= MAX_PICTURE_BYTES:
            yield _Candidate(part, px, size_bytes, area)


def _true_size(deck: DeckArchive, part: str) -> Enlargement | Reason | None:
    try:
        return true_size(decode(deck.read(part), max_px=MAX_PICTURE_PX).pixels)
    except UnsupportedPictureError:
        return Reason.UNSUPPORTED_FORMAT
    except (PictureRefusedError, MalformedDeckError):
        return Reason.UNREADABLE
