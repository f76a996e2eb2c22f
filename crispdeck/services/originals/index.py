"""The library in the records: pictures added, and found by what a small one shares with them."""

from collections.abc import Iterable
from functools import partial

from crispdeck.picture.matching.comparison import comparable
from crispdeck.picture.matching.fingerprint import Fingerprint, Question, question
from crispdeck.picture.matching.marks import bands_of, near_bands
from crispdeck.picture.matching.proof import LEAST_FACTOR, luma_of
from crispdeck.picture.reading import decode
from crispdeck.records.database import Database
from crispdeck.records.shelf.library import (
    Candidate,
    NewLibraryPicture,
    add_to_library,
    find_in_library,
)
from crispdeck.services.originals.library import (
    LEAST_SHARED,
    MOST_BITS,
    LibraryPicture,
    load_from,
)
from crispdeck.settings import Settings

_MOST = 8  # candidates that are handed on to be proved, each a second's work; a guess


def add_pictures(
    db: Database,
    tenant_id: str,
    pictures: Iterable[tuple[str, LibraryPicture]],
    *,
    added_by: str,
) -> int:
    """Add pictures with their places to a tenant's library; returns how many are new."""
    return add_to_library(
        db,
        tenant_id,
        (
            NewLibraryPicture(
                sha256=one.sha256,
                name=one.name,
                place=place,
                added_by=added_by,
                width_px=one.width_px,
                height_px=one.height_px,
                frame=one.fingerprint.frame,
                words=one.fingerprint.words,
            )
            for place, one in pictures
        ),
    )


def candidates_in(
    db: Database, tenant_id: str, blob: bytes, settings: Settings
) -> list[LibraryPicture]:
    """List what in a tenant's library may be the original of a picture, the likeliest first.

    Raises:
        CrispdeckError: the picture cannot be read.
    """
    small = decode(blob, max_px=settings.max_input_px)
    asked = question(luma_of(comparable(small.pixels)))
    found = find_in_library(db, tenant_id, asked_bands(asked), asked.words)
    least_px = LEAST_FACTOR * small.info.px
    scored = []
    for one in found:
        bits = asked.apart_bits(Fingerprint(one.frame, ()))
        is_near = bits <= MOST_BITS or one.shared >= LEAST_SHARED
        if is_near and one.picture.width_px * one.picture.height_px >= least_px:
            scored.append((-one.shared - max(0, 32 - bits), one.picture.id, one))
    scored.sort(key=lambda each: each[:2])
    return [_picture(one, settings) for _, _, one in scored[:_MOST]]


def asked_bands(asked: Question) -> list[tuple[int, int]]:
    """List the bands to look for: near ones of the frame as it is, equal ones of its turns."""
    upright, *turned = asked.frames
    return [
        *near_bands(upright),
        *(pair for frame in turned for pair in enumerate(bands_of(frame))),
    ]


def _picture(found: Candidate, settings: Settings) -> LibraryPicture:
    record = found.picture
    return LibraryPicture(
        record.name,
        record.sha256,
        record.width_px,
        record.height_px,
        Fingerprint(found.frame, ()),
        partial(load_from, record.place, settings),
    )
