"""Which of many pictures may be the original of a small one, the likeliest first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from crispdeck.picture.matching.comparison import comparable
from crispdeck.picture.matching.fingerprint import Fingerprint, Question, question
from crispdeck.picture.matching.proof import LEAST_FACTOR, luma_of
from crispdeck.picture.reading import decode
from crispdeck.settings import Settings

MOST_BITS = 14
"""Of the 64 of two whole frames that may differ: true originals have 10 and fewer also when they
were cropped by a tenth; unrelated pictures have 32 with a sigma of 4."""
LEAST_SHARED = 2.0
"""Features that a crop shares with its original, each divided by how many pictures have it."""
_UNRELATED_BITS = 32  # of 64 in which hashes of two unrelated pictures differ: half of them
_NEAR_BEST = 0.4
"""Share of the likeliest one's score below which none is looked at: proving takes a second."""


@dataclass(frozen=True, eq=False)
class LibraryPicture:
    """A picture that may be the original of another.

    Attributes:
        name: where it is from, for people.
        load: gives its file.
    """

    name: str
    sha256: str
    width_px: int
    height_px: int
    fingerprint: Fingerprint = field(repr=False)
    load: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Asked:
    """A small picture whose original is looked for.

    Attributes:
        least_px: pixels that its original has.
    """

    question: Question = field(repr=False)
    least_px: float


def ask(blob: bytes, settings: Settings) -> Asked:
    """Prepare what to ask for the original of a picture.

    Raises:
        CrispdeckError: the picture cannot be read.
    """
    small = decode(blob, max_px=settings.max_input_px)
    asked = question(luma_of(comparable(small.pixels)))
    return Asked(asked, LEAST_FACTOR * small.info.px)


def likeliest(
    asked: Asked,
    pictures: Iterable[LibraryPicture],
    shared: Callable[[LibraryPicture], float],
) -> list[LibraryPicture]:
    """Keep what is near enough in the whole frame or shares rare features, the nearest first.

    Args:
        asked: the small picture.
        pictures: those that may be its original.
        shared: returns what the words weigh that one of them shares with it.
    """
    found = []
    for picture in pictures:
        if picture.width_px * picture.height_px < asked.least_px:
            continue
        bits, weight = asked.question.apart_bits(picture.fingerprint), shared(picture)
        if bits <= MOST_BITS or weight >= LEAST_SHARED:
            found.append((weight + max(0, _UNRELATED_BITS - bits), picture))
    found.sort(key=lambda one: (-one[0], one[1].sha256))
    return [picture for score, picture in found if score >= _NEAR_BEST * found[0][0]]
