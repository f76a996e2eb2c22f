"""Waiting for rows to change: for a job to end, for new events; writes nothing."""

import time
from collections.abc import Iterator

from crispdeck.records.database import Database
from crispdeck.records.work.events import events_after
from crispdeck.records.work.job import get_job
from crispdeck.records.work.values import EventRecord, JobRecord

FIRST_PAUSE_S = 0.005
"""A small picture takes some 50 ms: a slower look would be felt."""
LAST_PAUSE_S = 0.015  # between reads while somebody waits: below a frame of a screen (60 Hz)
LAST_EVENT_PAUSE_S = 0.5  # the same while nothing happens to a job that is followed
EVENTS_AT_ONCE = 200  # in one answer; a guess


def pauses(first_s: float, last_s: float) -> Iterator[float]:
    """Yield pauses that grow by a quarter, up to `last_s`."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(last_s, pause_s * 1.25)


def wait_for_job(db: Database, job: JobRecord, wait_s: float) -> JobRecord:
    """Look at a job until it has ended or the time is over."""
    deadline = time.monotonic() + wait_s
    for pause_s in pauses(FIRST_PAUSE_S, LAST_PAUSE_S):
        left_s = deadline - time.monotonic()
        if job.is_final or left_s <= 0:
            break
        time.sleep(min(pause_s, left_s))
        job = get_job(db, job.tenant_id, job.id)
    return job


def read_events(
    db: Database, tenant_id: str, job_id: str, after: int, limit: int = EVENTS_AT_ONCE
) -> tuple[list[EventRecord], bool]:
    """Return what came after an event, and whether nothing more will come.

    The job is looked at first: if it has ended by then, its last event is among those read.
    """
    job = get_job(db, tenant_id, job_id)
    events = list(events_after(db, tenant_id, job_id, after=after, limit=limit))
    return events, job.is_final and len(events) < limit


def wait_for_events(
    db: Database, tenant_id: str, job_id: str, *, after: int, limit: int, wait_s: float
) -> tuple[list[EventRecord], bool]:
    """Look until there is an event, the job has ended, or the time is over."""
    deadline = time.monotonic() + wait_s
    for pause_s in pauses(LAST_PAUSE_S, LAST_EVENT_PAUSE_S):
        events, ended = read_events(db, tenant_id, job_id, after, limit)
        left_s = deadline - time.monotonic()
        if events or ended or left_s <= 0:
            break
        time.sleep(min(pause_s, left_s))
    return events, ended
