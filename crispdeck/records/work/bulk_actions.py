"""The same for many jobs at once, of whatever tenants; each job is a transaction of its own."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from crispdeck.errors import ConflictError, GoneError, NotFoundError
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.shelf.decks import delete_deck
from crispdeck.records.work.job import cancel_job, expire_job, retry_job
from crispdeck.records.work.job_list import find_job
from crispdeck.records.work.values import JobRecord


class JobAction(StrEnum):
    """What can be done to a job."""

    CANCEL = "cancel"
    RETRY = "retry"
    DELETE = "delete"
    """A deck goes with all its jobs."""


@dataclass
class BulkOutcome:
    """What became of the jobs."""

    done: list[JobRecord] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Why nothing was done, by the job's id."""
    wakeups: list[WakeUp] = field(default_factory=list)


def act_on_jobs(db: Database, job_ids: Iterable[str], action: JobAction) -> BulkOutcome:
    """Do it to each job; one that refuses does not keep the others from it."""
    outcome = BulkOutcome()
    for job_id in dict.fromkeys(job_ids):
        found = find_job(db, job_id)
        if found is None:
            outcome.refused[job_id] = "It is gone."
            continue
        try:
            outcome.wakeups += act_on_job(db, found.job, action)
        except (ConflictError, NotFoundError, GoneError) as error:
            outcome.refused[job_id] = error.message
        else:
            outcome.done.append(found.job)
    return outcome


def act_on_job(db: Database, job: JobRecord, action: JobAction) -> list[WakeUp]:
    """Do it to one job.

    Returns:
        The messages for what waits now.

    Raises:
        ConflictError: the job is in a state that does not allow it.
        NotFoundError, GoneError: it was deleted or has expired meanwhile.
    """
    if action is JobAction.RETRY:
        return retry_job(db, job.tenant_id, job.id)
    if action is JobAction.CANCEL:
        cancel_job(db, job.tenant_id, job.id)
    elif job.deck_id is None:
        expire_job(db, job.tenant_id, job.id)
    else:
        _delete_deck(db, job.tenant_id, job.deck_id)
    return []


def _delete_deck(db: Database, tenant_id: str, deck_id: str) -> None:
    with suppress(GoneError):  # it went with another of its jobs
        delete_deck(db, tenant_id, deck_id)
