"""The before-and-after report of a finished job: made once for what the deck holds, then kept."""

import hashlib
import logging
from typing import BinaryIO

from crispdeck.deck.opc.archive import open_deck
from crispdeck.errors import CrispdeckError, DamagedObjectError, ObjectMissingError
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.decks import get_deck
from crispdeck.records.shelf.derived import DerivedRecord, find_derived, keep_derived
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import JobState
from crispdeck.records.work.job_list import find_job
from crispdeck.records.work.values import JobRecord
from crispdeck.report.build import Enhancement
from crispdeck.services.platform import Platform
from crispdeck.services.results import rebuild
from crispdeck.storage import derived_key, open_checked

logger = logging.getLogger(__name__)

MADE_AHEAD = ("html", "pptx")
"""What people ask for; JSON is quick and for programs."""


def report_file(
    platform: Platform, deck: DeckRecord, job: JobRecord, kind: str
) -> tuple[BinaryIO, int]:
    """Give the report of a finished job as `html`, `json` or `pptx`, and keep it for the next time.

    Returns:
        The stream, which the caller closes, and how many bytes it holds.

    Raises:
        DeckRefusedError: a part of either deck is damaged.
    """
    name, source = f"report.{kind}", _source(job)
    found = find_derived(platform.db, deck.id, job.id, name, source)
    if found is not None:
        try:
            file = open_checked(
                platform.store, found.object_key, sha256=found.sha256, size_bytes=found.size_bytes
            )
        except (ObjectMissingError, DamagedObjectError):
            logger.warning("the %s report of job %s is lost and made again", kind, job.id)
        else:
            return file, found.size_bytes
    out = _made(platform, deck, job, kind)
    sha256 = hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]
    out.seek(0)
    key = derived_key(deck.tenant_id, deck.id, new_id())
    stored = platform.store.put(key, out, content_type="application/octet-stream")
    made = DerivedRecord(object_key=key, size_bytes=stored.size_bytes, sha256=sha256)
    older = keep_derived(platform.db, deck, job.id, name, source, made)
    platform.store.delete(older)
    out.seek(0)
    return out, stored.size_bytes


def make_reports(platform: Platform, job_id: str) -> None:
    """Make the reports of a job ahead, so that nobody waits for them.

    Whatever is in the way only means that they are made when they are asked for: nothing is tried
    again. Does nothing where the job made no deck or is not there any more.
    """
    found = find_job(platform.db, job_id)
    job = None if found is None or found.gone_at is not None else found.job
    if job is None or job.state is not JobState.DONE or not job.result_key or not job.deck_id:
        return
    try:
        deck = get_deck(platform.db, job.tenant_id, job.deck_id)
        for kind in MADE_AHEAD:
            report_file(platform, deck, job, kind)[0].close()
    except CrispdeckError as error:
        logger.warning("no report of job %s was made ahead: %s", job_id, error)


def _source(job: JobRecord) -> str:
    """Name what a report is made from: what the job made, and what was asked back since."""
    parts = (job.id, job.result_key or "", str(job.finished_at), *sorted(job.kept or ()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _made(platform: Platform, deck: DeckRecord, job: JobRecord, kind: str) -> BinaryIO:
    with (
        rebuild(platform, deck, job) as rebuilt,
        rebuilt.file,
        open_deck(rebuilt.file, allow_signed=True) as enhanced,
    ):
        upscales = {
            part: picture.report
            for picture in rebuilt.pictures
            if picture.report
            for part in picture.parts
        }
        work = Enhancement(
            original=rebuilt.original,
            enhanced=enhanced,
            scan=rebuilt.scan,
            result=rebuilt.result,
            upscales=upscales,
        )
        return platform.untrusted.report(deck.name, work, kind, whose=deck.tenant_id)
