"""Swap finished pictures into a deck that just came in, and back: nothing of the deck is kept.

An add-in works on slides that their owner goes on editing. So a swap takes the slide as it is now,
finds the pictures by their content, and keeps only the originals, by the content of what took
their place. The way back does the same the other way round.
"""

import hashlib
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.deck.originals import (
    Original,
    read_original,
    revert,
    swapped_originals,
    write_original,
)
from crispdeck.deck.swap import Replacement, swap
from crispdeck.deck.swapped import SwapResult
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.zip.raw import STORED, pack
from crispdeck.errors import (
    DamagedObjectError,
    NothingToSwapError,
    ObjectMissingError,
    OriginalUnknownError,
)
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.originals import (
    keep_longer,
    known_originals,
    originals_of,
    remember_original,
    sources_of,
)
from crispdeck.records.states import PictureState
from crispdeck.records.work.job import get_job, pictures_of
from crispdeck.records.work.values import PictureRecord
from crispdeck.services.deck_intake import check_space
from crispdeck.services.platform import Platform
from crispdeck.services.results import replacement
from crispdeck.storage import open_checked, original_key
from crispdeck.words.places import places_words
from crispdeck.words.reasons import reason_words


@dataclass(frozen=True)
class Rewritten:
    """A deck after a swap or a revert; the file is closed by whoever gets it."""

    result: SwapResult
    file: BinaryIO


def swap_in(
    platform: Platform,
    tenant_id: str,
    upload: BinaryIO,
    job_ids: Sequence[str],
    options: ScanOptions,
    *,
    allow_signed: bool = False,
) -> Rewritten:
    """Put what these jobs made in the place of what they made it from.

    Raises:
        DeckRefusedError: not a deck, or one that may not be touched.
        NotFoundError, GoneError: no such job of this tenant.
        NothingToSwapError: the deck holds none of the pictures, or none that would gain.
    """
    results = _finished(platform, tenant_id, job_ids)
    with _open(platform, upload, allow_signed=allow_signed) as deck, _result_file() as file:
        found = platform.untrusted.scan(deck, options, whose=tenant_id)
        replacements = list(_replacements(platform, deck, found, results))
        if not replacements:
            raise NothingToSwapError("The deck does not hold these pictures any more.")
        result = swap(deck, found, replacements, file)
        if not result.swapped:
            reasons = {reason_words(reason) for _, reason in result.left}
            why = ", ".join(sorted(reasons)) or "sharp enough as they are now"
            raise NothingToSwapError(f"Nothing was changed: {why}.")
        # The originals come first: a deck that is out can always be reverted.
        for new_sha256, original in swapped_originals(deck, result):
            _keep(platform, tenant_id, new_sha256, original)
    return Rewritten(result, file)


def swap_back(
    platform: Platform,
    tenant_id: str,
    upload: BinaryIO,
    sha256s: Collection[str] | None,
    *,
    allow_signed: bool = False,
) -> Rewritten:
    """Put originals back in the place of these pictures; None: of all that are known.

    Raises:
        DeckRefusedError: not a deck, or one that may not be touched.
        OriginalUnknownError: no original is kept for any of them.
    """
    store = _KeptOriginals(platform, tenant_id, sha256s)
    with _open(platform, upload, allow_signed=allow_signed) as deck, _result_file() as file:
        result = revert(deck, store, file)
        if not result.swapped:
            raise OriginalUnknownError(
                "The deck holds no picture whose original is kept; originals are deleted "
                f"{platform.allowances(tenant_id).retention_days:g} days after the swap."
            )
    return Rewritten(result, file)


@contextmanager
def _open(platform: Platform, upload: BinaryIO, *, allow_signed: bool) -> Iterator[DeckArchive]:
    limits = DeckLimits.of(platform.settings)
    with open_deck(upload, limits=limits, allow_signed=allow_signed) as deck:
        yield deck


@contextmanager
def _result_file() -> Iterator[BinaryIO]:
    """Give a nameless file: at its start after success, closed after a failure."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by the answer
    try:
        yield file
        file.seek(0)
    except BaseException:
        file.close()
        raise


def _finished(
    platform: Platform, tenant_id: str, job_ids: Sequence[str]
) -> dict[str, PictureRecord]:
    """Give the pictures that the jobs finished, by the SHA-256 of what they were made from."""
    results: dict[str, PictureRecord] = {}
    for job_id in dict.fromkeys(job_ids):
        get_job(platform.db, tenant_id, job_id)
        for row in pictures_of(platform.db, tenant_id, job_id):
            if row.state is PictureState.DONE and row.sha256:
                results[row.sha256] = row
    return results


def _replacements(
    platform: Platform, deck: DeckArchive, found: DeckScan, results: dict[str, PictureRecord]
) -> Iterator[Replacement]:
    # Hash only what can match: most pictures of a deck were never made sharp.
    sizes = {row.source_bytes for row in results.values()}
    for picture in found.pictures:
        if picture.size_bytes not in sizes or picture.part not in deck:
            continue
        row = results.get(hashlib.sha256(deck.read(picture.part)).hexdigest())
        if row is not None:
            yield replacement(platform, picture.part, row)


def _keep(platform: Platform, tenant_id: str, new_sha256: str, original: Original) -> None:
    """Store an original, or keep the one longer that is there already."""
    blob = write_original(original)
    blob_sha256 = hashlib.sha256(blob).hexdigest()
    days = platform.allowances(tenant_id).retention_days
    if keep_longer(platform.db, tenant_id, new_sha256, blob_sha256, retention_days=days):
        return
    check_space(platform, tenant_id, len(blob))
    key = original_key(tenant_id, new_sha256, new_id())
    platform.store.put(key, blob, content_type="application/zip")
    remember_original(
        platform.db,
        tenant_id,
        new_sha256=new_sha256,
        blob_sha256=blob_sha256,
        object_key=key,
        size_bytes=len(blob),
        retention_days=days,
    )


def kept_originals(platform: Platform, tenant_id: str, new_sha256: str) -> Iterator[Original]:
    """Yield what this picture replaced, be it kept by a swap or by the job that made it."""
    seen = set()
    for row in originals_of(platform.db, tenant_id, new_sha256):
        original = read_original(platform.store.read(row.object_key))
        seen.add(hashlib.sha256(original.packed.unpack()).hexdigest())
        yield original
    for source in sources_of(platform.db, tenant_id, new_sha256):
        if source.source_sha256 in seen:
            continue
        seen.add(source.source_sha256)
        try:
            with open_checked(
                platform.store, source.source_key, sha256=source.source_sha256, size_bytes=None
            ) as file:
                blob = file.read()
        except (ObjectMissingError, DamagedObjectError):
            continue  # another job's may be sound
        kind = PictureFormat(source.source_format)
        yield Original(source.part, kind, pack(blob, STORED))


@dataclass(frozen=True)
class Revertable:
    """A picture of a deck whose original is kept.

    Attributes:
        sha256: of the picture that is in the deck now.
        places: where it is, in words.
    """

    sha256: str
    part: str
    places: str
    slides: tuple[int, ...]
    width_px: int | None
    height_px: int | None
    expires_at: datetime


def revertable(
    platform: Platform, tenant_id: str, upload: BinaryIO, *, allow_signed: bool = False
) -> list[Revertable]:
    """List the pictures of a deck that can get their originals back, in the order of the slides.

    Raises:
        DeckRefusedError: not a deck, or one that may not be touched.
    """
    with _open(platform, upload, allow_signed=allow_signed) as deck:
        found = platform.untrusted.scan(deck, ScanOptions(true_size=False), whose=tenant_id)
        sha256s = {
            picture.part: hashlib.sha256(deck.read(picture.part)).hexdigest()
            for picture in found.pictures
            if picture.part in deck
        }
    known = known_originals(platform.db, tenant_id, set(sha256s.values()))
    placements = {placement.id: placement for placement in found.placements}
    listed = []
    for picture in found.pictures:
        sha256 = sha256s.get(picture.part, "")
        if sha256 in known:
            uses = [placements[one] for one in picture.placements]
            slides = sorted({use.slide for use in uses if use.slide is not None})
            listed.append(
                Revertable(
                    sha256,
                    picture.part,
                    places_words(uses),
                    tuple(slides),
                    picture.width_px,
                    picture.height_px,
                    known[sha256],
                )
            )
    return sorted(listed, key=lambda one: one.slides or (10**6,))


def original_small(
    platform: Platform, tenant_id: str, new_sha256: str, *, max_side_px: int
) -> bytes:
    """Return a small PNG of what this picture replaced.

    Raises:
        OriginalUnknownError: nothing is kept.
        PictureRefusedError: it cannot be read.
    """
    original = next(kept_originals(platform, tenant_id, new_sha256), None)
    if original is None:
        raise OriginalUnknownError("No original is kept for this picture.")
    blob = original.packed.unpack()

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with _result_file() as file:
            file.write(blob)
        with file:
            yield file

    key = f"{tenant_id} original {hashlib.sha256(blob).hexdigest()}"
    return platform.untrusted.file_small(key, opened, max_side_px=max_side_px, whose=tenant_id)


class _KeptOriginals:
    """What a tenant's swaps have kept, seen only for the chosen pictures."""

    def __init__(self, platform: Platform, tenant_id: str, only: Collection[str] | None) -> None:
        self._engine = platform
        self._tenant_id = tenant_id
        self._only = only

    def originals(self, new_sha256: str) -> Iterator[Original]:
        if self._only is not None and new_sha256 not in self._only:
            return
        yield from kept_originals(self._engine, self._tenant_id, new_sha256)
