"""Work on whole batches: what there is to do in one, beginning it, ending it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import ConflictError, GoneError, LimitReachedError
from crispdeck.records.shelf.decks import get_scan
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import OPEN_JOB_STATES, JobState
from crispdeck.records.work.batch_contents import BatchContents, read_contents
from crispdeck.records.work.job import cancel_job, create_deck_job
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord
from crispdeck.records.work.waiting_decks import enqueue_decks, stop_waiting
from crispdeck.services.platform import Platform

LeftOut = Mapping[str, Collection[str]]
"""Part names that nobody wants sharp, by the deck's id."""


def begin_batch(
    platform: Platform, found: BatchContents, left_out: LeftOut
) -> tuple[list[str], int]:
    """Begin a job for every deck with something to do; asked again, only what is not done begins.

    Returns:
        The ids of the new jobs, and how many decks wait because no job was free for them; those
        are begun by themselves.
    """
    tenant_id = found.batch.tenant_id
    allowed = platform.allowances(tenant_id)
    to_do = list(_to_do(platform, found, left_out))
    started: list[str] = []
    for deck_id, options in to_do:
        try:
            job, wakeups = create_deck_job(
                platform.db,
                tenant_id,
                deck_id,
                options,
                retention_days=allowed.retention_days,
                max_open_jobs=allowed.max_open_jobs,
            )
        except LimitReachedError:
            break
        platform.announce(wakeups)
        started.append(job.id)
    waiting = to_do[len(started) :]
    enqueue_decks(platform.db, tenant_id, waiting)
    return started, len(waiting)


def end_batch(platform: Platform, tenant_id: str, batch_id: str) -> BatchContents:
    """End all that is in work or waits; what is done stays. Ending it again is no error."""
    stop_waiting(platform.db, tenant_id, batch_id)
    for job in read_contents(platform.db, tenant_id, batch_id).jobs.values():
        if job.state in OPEN_JOB_STATES:
            with suppress(ConflictError, GoneError):  # it ended or was deleted meanwhile
                cancel_job(platform.db, job.tenant_id, job.id)
    return read_contents(platform.db, tenant_id, batch_id)


def _to_do(
    platform: Platform, found: BatchContents, left_out: LeftOut
) -> Iterator[tuple[str, JobOptions]]:
    """Yield the decks with something to do, each with the options of its job."""
    for deck in found.decks:
        if not _is_to_do(deck, found.jobs.get(deck.id), JobOptions.of_batch(found.batch.options)):
            continue
        pictures = _chosen(platform, deck, left_out.get(deck.id, ()))
        if pictures != ():
            yield deck.id, JobOptions.of_batch(found.batch.options, pictures)


def _is_to_do(deck: DeckRecord, job: JobRecord | None, options: JobOptions) -> bool:
    """Say no to a deck in work, one that was done with these choices, and one without work."""
    if job is not None and job.state in OPEN_JOB_STATES:
        return False
    is_done = job is not None and job.state is JobState.DONE
    if job and is_done and JobOptions.of_batch(job.options).choices == options.choices:
        return False
    return bool((deck.brief or {}).get("low", 1))


def _chosen(
    platform: Platform, deck: DeckRecord, left_out: Collection[str]
) -> tuple[str, ...] | None:
    """Return the parts to work on: None for all that are low."""
    if not left_out:
        return None
    scan = scan_from_json(get_scan(platform.db, deck.tenant_id, deck.id))
    return tuple(each.part for each in scan.low if each.part not in set(left_out))
