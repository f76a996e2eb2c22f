"""Adds up what pictures did by themselves: into their job's counts and events, and into shares.

A picture's row changes under its own lock, and a `PictureChange` is written beside it. Whoever
holds the lock of the job adds these up, in the order of their numbers. Since that lock lasts until
the transaction ends, the events of one job become visible in the order of their numbers: a reader
with a cursor misses none, although PostgreSQL hands out sequence numbers before it commits.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, event, func, insert, literal, select, text
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.states import EventKind, JobState, PictureState
from crispdeck.records.tables import Event, Job, Picture, PictureChange, Share

logger = logging.getLogger(__name__)

IS_QUEUED = Picture.state == literal(PictureState.QUEUED, Picture.state.type, literal_execute=True)
"""Written into the statement as it is: the indexes of queued pictures serve no other."""

HAS_QUEUED = Job.pictures_queued > literal(0, literal_execute=True)
"""The same for the index of jobs with queued pictures."""

_DEFERRED = "crispdeck.shares"
"""Under this name a session keeps what its commit adds to the shares."""

_Shares = dict[tuple[str, QueueName], dict[str, int]]


def counts(job: Job) -> dict[str, int]:
    """Count how many pictures of the job are in which state."""
    return {state.value: getattr(job, f"pictures_{state.value}") for state in PictureState}


def note_event(session: Session, job: Job, kind: EventKind, now: datetime, **data: Any) -> None:
    """Note a change of the job together with where the job stands after it."""
    session.execute(insert(Event), [_event(job, kind, now, None, data)])


def note_change(
    session: Session,
    picture: Picture,
    was: PictureState,
    becomes: PictureState,
    now: datetime,
    data: dict[str, Any],
) -> None:
    """Leave a picture's change for whoever adds up."""
    change = {
        "tenant_id": picture.tenant_id,
        "job_id": picture.job_id,
        "picture_id": picture.id,
        "queue": picture.queue,
        "was": was,
        "becomes": becomes,
        "data": data,
        "at": now,
    }
    session.execute(insert(PictureChange), [change])


def add_new(session: Session, job: Job, state: PictureState) -> None:
    """Count a picture that was just put under its locked job."""
    if state is PictureState.QUEUED and job.pictures_queued == 0:
        _place_among_waiting(session, job)
    _count(job, state, +1)
    _defer_to_commit(session, job.tenant_id, job.queue, queued=int(state is PictureState.QUEUED))


def add_up(session: Session, jobs: Iterable[Job]) -> None:
    """Bring the counts, events and turns of locked jobs up to their pictures' rows.

    The caller decides what becomes of a job whose last picture has ended.
    """
    by_id = {job.id: job for job in jobs}
    # Deleting and reading in one statement: no change can be counted by two who add up.
    taken = session.execute(
        delete(PictureChange)
        .where(PictureChange.job_id.in_(by_id))
        .returning(
            PictureChange.id,
            PictureChange.job_id,
            PictureChange.picture_id,
            PictureChange.queue,
            PictureChange.was,
            PictureChange.becomes,
            PictureChange.data,
            PictureChange.at,
        )
        .execution_options(synchronize_session=False)
    ).all()
    waiting_before = {job.id: job.pictures_queued for job in by_id.values()}
    events: list[dict[str, Any]] = []
    for change in sorted(taken, key=lambda one: one.id):
        events += _apply(session, by_id[change.job_id], change)
    if events:
        session.execute(insert(Event), events)
    for job in by_id.values():
        if job.pictures_queued and not waiting_before[job.id]:
            _place_among_waiting(session, job)
        # Cannot be, unless an older version of the program wrote beside this one during an upgrade.
        if min(counts(job).values()) < 0:
            recount(session, job)


def recount(session: Session, job: Job) -> bool:
    """Count a locked job's pictures anew, but for changes not added up; True if that was needed.

    Only a process of another version, or a mistake of ours, makes the sums wrong.
    """
    session.flush()
    rows = dict.fromkeys(PictureState, 0)
    changed = (PictureChange.was, PictureChange.becomes, func.count())
    found = select(Picture.state, Picture.state, func.count()).where(Picture.job_id == job.id)
    pending = select(*changed).where(PictureChange.job_id == job.id)
    # One statement, one snapshot: a change that comes in between is in both or in neither.
    query = select(literal(1), *found.group_by(Picture.state).subquery().c).union_all(
        select(
            literal(0),
            *pending.group_by(PictureChange.was, PictureChange.becomes).subquery().c,
        )
    )
    for is_row, was, becomes, number in session.execute(query):
        if is_row:
            rows[PictureState(becomes)] += number
        else:
            rows[PictureState(was)] += number
            rows[PictureState(becomes)] -= number
    wrong = {state.value: number for state, number in rows.items() if number != counts(job)[state]}
    if not wrong:
        return False
    logger.warning("job %s was counted anew: %s", job.id, wrong)
    for state, number in rows.items():
        setattr(job, f"pictures_{state.value}", number)
    return True


def recount_shares(session: Session) -> int:
    """Sum the shares anew from the jobs' counts; returns how many were wrong."""
    # Locked in the order of the key, as `_write_shares` does, so that the two never wait in a ring.
    known = {
        (row.tenant_id, row.queue): row
        for row in session.scalars(
            select(Share)
            .order_by(Share.tenant_id, Share.queue)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    sums = (
        select(
            Job.tenant_id, Job.queue, func.sum(Job.pictures_queued), func.sum(Job.pictures_running)
        )
        .where((Job.pictures_queued > 0) | (Job.pictures_running > 0))
        .group_by(Job.tenant_id, Job.queue)
    )
    right = {(tenant, queue): (q, r) for tenant, queue, q, r in session.execute(sums)}
    wrong = 0
    for key in sorted(known.keys() | right.keys()):
        row, (queued, running) = known.get(key), right.get(key, (0, 0))
        # Written through the same path as all other changes, which knows how to insert.
        if row is None:
            _defer_to_commit(session, *key, queued=queued, running=running)
        elif (row.queued, row.running) != (queued, running):
            row.queued, row.running = queued, running
        else:
            continue
        wrong += 1
    return wrong


def _apply(session: Session, job: Job, change: Any) -> list[dict[str, Any]]:
    """Count one change; its event, and before it the job's own if this is its first work."""
    was, becomes = change.was, change.becomes
    events = []
    if becomes is PictureState.RUNNING:
        # Jobs of one tenant take turns by how much of each has begun, and not by when they came: a
        # small deck behind a large one is through soon.
        job.turn += 1
        if job.state is JobState.QUEUED:
            job.state = JobState.RUNNING
            job.started_at = job.started_at or change.at
            events.append(_event(job, EventKind.JOB_RUNNING, change.at, None, {"worker": None}))
    _count(job, was, -1)
    _count(job, becomes, +1)
    _defer_to_commit(
        session,
        job.tenant_id,
        change.queue,
        queued=(becomes is PictureState.QUEUED) - (was is PictureState.QUEUED),
        running=(becomes is PictureState.RUNNING) - (was is PictureState.RUNNING),
        begun=int(becomes is PictureState.RUNNING),
    )
    kind = EventKind(f"picture.{becomes.value}")
    data = {"state": becomes.value} | change.data
    return [*events, _event(job, kind, change.at, change.picture_id, data)]


def _event(
    job: Job, kind: EventKind, now: datetime, picture_id: str | None, data: dict[str, Any]
) -> dict[str, Any]:
    standing = {"job_state": job.state.value, "stage": job.stage.value, "counts": counts(job)}
    return {
        "tenant_id": job.tenant_id,
        "job_id": job.id,
        "picture_id": picture_id,
        "kind": kind,
        "data": standing | data,
        "at": now,
    }


def _count(job: Job, state: PictureState, change: int) -> None:
    name = f"pictures_{state.value}"
    setattr(job, name, getattr(job, name) + change)


def _place_among_waiting(session: Session, job: Job) -> None:
    """Let a job that begins to wait start where its tenant's other waiting jobs stand."""
    others = select(func.min(Job.turn)).where(
        Job.tenant_id == job.tenant_id, Job.queue == job.queue, HAS_QUEUED, Job.id != job.id
    )
    # The caller has changed the job in memory; flushing it here would take its locks in another
    # order.
    with session.no_autoflush:
        least = session.scalars(others).one()
    # Else it would have saved up turns while it waited for nothing, and hold up all others.
    if least is not None:
        job.turn = least


def _defer_to_commit(
    session: Session,
    tenant_id: str,
    queue: QueueName,
    *,
    queued: int = 0,
    running: int = 0,
    begun: int = 0,
) -> None:
    """Add to a tenant's share when the transaction ends: all its jobs meet in that row."""
    if _DEFERRED not in session.info:
        session.info[_DEFERRED] = defaultdict(lambda: {"queued": 0, "running": 0, "begun": 0})
    owed = session.info[_DEFERRED][tenant_id, queue]
    owed["queued"] += queued
    owed["running"] += running
    owed["begun"] += begun


def _write_shares(session: Any) -> None:
    """Write what is owed, in the order of the rows, as the last thing before the commit.

    These are the last locks that a transaction takes, so nobody waits for anything with them.
    """
    shares: _Shares = session.info.pop(_DEFERRED, {})
    for (tenant_id, queue), owed in sorted(shares.items()):
        # Changes may cancel each other out, and then there is nothing to lock a row for.
        if any(owed.values()):
            start = _start(session, queue) if owed["queued"] > 0 else 0.0
            session.execute(
                _ADD_TO_SHARE, {"tenant": tenant_id, "queue": queue.value, "start": start, **owed}
            )


_ADD_TO_SHARE = text(
    """
    INSERT INTO share (tenant_id, queue, queued, running, turn)
    VALUES (:tenant, :queue, :queued, :running, CAST(:start AS DOUBLE PRECISION))
    ON CONFLICT (tenant_id, queue) DO UPDATE SET
        queued = share.queued + excluded.queued,
        running = share.running + excluded.running,
        turn = CASE WHEN share.queued <= 0 AND share.turn < excluded.turn
                    THEN excluded.turn ELSE share.turn END
            + CAST(:begun AS DOUBLE PRECISION)
            / coalesce((SELECT weight FROM tenant WHERE id = :tenant), 1.0)
    """
)


def _start(session: Session, queue: QueueName) -> float:
    """Tell where a tenant stands that begins to wait: beside those whose turn is next."""
    waits = (Share.queue == queue, Share.queued > 0)
    least = session.scalar(select(func.min(Share.turn)).where(*waits))
    # Nobody waits: whoever was served last is the measure, so that an empty queue forgets no debts.
    if least is None:
        least = session.scalar(select(func.max(Share.turn)).where(Share.queue == queue))
    return least or 0.0


event.listen(Session, "before_commit", _write_shares)
