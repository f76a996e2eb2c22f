"""What finished jobs left behind: which job counts, and the deck made anew from its parts."""

import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.swap import Replacement, swap
from crispdeck.deck.swapped import SwapResult
from crispdeck.errors import (
    ConflictError,
    DamagedObjectError,
    InvalidRequestError,
    NotFoundError,
    ObjectMissingError,
)
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.work.job import get_job, list_jobs, pictures_of
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord, PictureRecord
from crispdeck.services.platform import Platform
from crispdeck.services.scans import kept_or_new_scan
from crispdeck.storage import ObjectStore, open_checked, read_checked


def finished_job(platform: Platform, deck: DeckRecord, job_id: str | None) -> JobRecord:
    """Return the job asked for, or the deck's latest finished one.

    Raises:
        NotFoundError: no such job of this deck, or none that is finished.
        ConflictError: the job asked for is not finished.
    """
    if job_id is None:
        page = list_jobs(platform.db, deck.tenant_id, deck_id=deck.id, state=JobState.DONE, limit=1)
        if not page.items:
            raise NotFoundError("No job of this deck is finished yet.")
        return page.items[0]
    job = get_job(platform.db, deck.tenant_id, job_id)
    if job.deck_id != deck.id:
        raise NotFoundError(f"There is no job {job_id} of this deck.")
    if job.state is not JobState.DONE or not job.result_key:
        raise ConflictError(f"The job is {job.state.value}, so it has no enhanced deck.")
    return job


def open_result(platform: Platform, deck: DeckRecord, job: JobRecord) -> tuple[BinaryIO, int]:
    """Open the deck that a finished job made, with the originals that were asked back in it.

    Returns:
        The stream, which the caller closes, and how many bytes it holds.
    """
    if not job.kept:
        return platform.store.open(job.result_key or ""), job.result_bytes or 0
    with rebuild(platform, deck, job) as rebuilt:
        return rebuilt.file, rebuilt.result.bytes_after


@dataclass(frozen=True)
class Rebuilt:
    """A deck put together again from its original and a job's pictures."""

    original: DeckArchive
    scan: DeckScan
    result: SwapResult
    file: BinaryIO
    pictures: tuple[PictureRecord, ...]


@contextmanager
def rebuild(
    platform: Platform, deck: DeckRecord, job: JobRecord, without: Collection[str] = ()
) -> Iterator[Rebuilt]:
    """Swap a job's pictures into the original again, but for its kept parts and those in `without`.

    The swap gives the same bytes for the same pictures. The file is closed by whoever gets it.

    Raises:
        InvalidRequestError: `without` names a part that the job did not change.
    """
    options = JobOptions.from_json(job.options).scan_options(platform.settings)
    pictures = pictures_of(platform.db, deck.tenant_id, job.id)
    done = [picture for picture in pictures if picture.state is PictureState.DONE]
    _check_known(without, done)
    with platform.decks.deck(deck.object_key) as original:
        found = kept_or_new_scan(platform, deck.tenant_id, deck.id, original, options)
        file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by the answer
        left_out = {*without, *(job.kept or ())}
        try:
            result = swap(original, found, replacements(platform, done, left_out), file)
            file.seek(0)
            yield Rebuilt(original, found, result, file, pictures)
        except BaseException:
            file.close()
            raise


def _check_known(without: Collection[str], done: list[PictureRecord]) -> None:
    unknown = sorted(set(without) - {part for picture in done for part in picture.parts})
    if unknown:
        raise InvalidRequestError(
            f"The job did not change {', '.join(unknown)}.",
            fields={f"pictures.{part}": "not changed by this job" for part in unknown},
        )


def replacements(
    platform: Platform, done: Iterable[PictureRecord], without: Collection[str] = ()
) -> list[Replacement]:
    """Give one replacement for each part of the finished pictures, but for those in `without`."""
    return [
        replacement(platform, part, picture)
        for picture in done
        for part in picture.parts
        if part not in without
    ]


def replacement(platform: Platform, part: str, picture: PictureRecord) -> Replacement:
    """Put a finished picture in the place of a part; its bytes are read when they are written.

    Raises:
        ValueError: the picture has no result, which no row that says done can lack.
    """
    if not (picture.result_key and picture.result_format and picture.result_bytes):
        raise ValueError(f"picture {picture.id} is done but has no result")
    return Replacement(
        part=part,
        format=PictureFormat(picture.result_format),
        size_bytes=picture.result_bytes,
        load=partial(read_result, platform.store, picture),
    )


def read_result(store: ObjectStore, picture: PictureRecord) -> bytes:
    """Return the bytes of a finished picture, checked.

    Raises:
        ObjectMissingError, DamagedObjectError: they are gone or are something else by now.
        StorageError: the store does not answer.
    """
    return read_checked(
        store,
        picture.result_key or "",
        sha256=picture.result_sha256,
        size_bytes=picture.result_bytes,
    )


def open_picture(store: ObjectStore, picture: PictureRecord) -> BinaryIO:
    """Open the file of a finished picture, checked; raises what `read_result` does."""
    return open_checked(
        store,
        picture.result_key or "",
        sha256=picture.result_sha256,
        size_bytes=picture.result_bytes,
    )


def is_sound(store: ObjectStore, picture: PictureRecord) -> bool:
    """Say if the result of a finished picture is what its row says. Raises StorageError."""
    try:
        read_result(store, picture)
    except (DamagedObjectError, ObjectMissingError):
        return False
    return True
