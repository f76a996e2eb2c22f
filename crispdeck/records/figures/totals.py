"""Numbers over all rows, for monitoring and limits; single rows are nobody's business here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from crispdeck.queue.names import PICTURE_QUEUES, SHOWN_QUEUES, QueueName
from crispdeck.records.database import Database
from crispdeck.records.ledger import IS_QUEUED
from crispdeck.records.people.tenants import stored_by_tenant
from crispdeck.records.states import OPEN_JOB_STATES, JobState, PictureState, Stage
from crispdeck.records.tables import Deck, Job, Picture, WaitingDeck, WorkerHeartbeat

S = TypeVar("S", JobState, PictureState)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How much there is of everything, in one transaction."""

    waiting: dict[QueueName, int]
    """Rows that wait for a worker, by the queue that they wait in."""
    oldest_wait_s: dict[QueueName, float]
    decks_waiting: int
    """Decks that begin as soon as their tenant has a job free."""
    jobs: dict[JobState, int]
    pictures: dict[PictureState, int]
    expired_leases: int
    """Rows whose worker fell silent and that the sweeper has not seen yet."""
    stored_bytes: int
    decks: int
    workers: int
    """Workers that gave a sign of life within the last minute."""


def figures(db: Database) -> Figures:
    """Count rows of all kinds, for /metrics and the operators' pages."""
    with db.reading() as session:
        now = db.now(session)
        waiting, oldest = count_waiting(session)
        return Figures(
            waiting=waiting,
            oldest_wait_s={
                queue: max(0.0, (now - since).total_seconds()) for queue, since in oldest.items()
            },
            decks_waiting=session.scalars(select(func.count()).select_from(WaitingDeck)).one(),
            jobs=dict.fromkeys(JobState, 0) | _by_state(session, Job.state),
            pictures=dict.fromkeys(PictureState, 0) | _by_state(session, Picture.state),
            expired_leases=_count(
                session, Picture.state == PictureState.RUNNING, Picture.lease_until < now
            )
            + _count(session, Job.lease_until < now, Job.state == JobState.RUNNING),
            stored_bytes=sum(stored_by_tenant(session).values()),
            # Each from an index of its own; both at once would read every deck with its scan.
            decks=_count(session, Deck.expires_at > now)
            - _count(session, Deck.deleted_at.is_not(None)),
            workers=_count(session, WorkerHeartbeat.beat_at > now - timedelta(minutes=1)),
        )


def open_jobs(db: Database, tenant_id: str) -> int:
    """Count a tenant's unfinished jobs."""
    with db.reading() as session:
        return _count(session, Job.tenant_id == tenant_id, Job.state.in_(OPEN_JOB_STATES))


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).where(*conditions)).one()


def _by_state(session: Session, state: InstrumentedAttribute[S]) -> dict[S, int]:
    query = select(state, func.count()).group_by(state)
    return {found: count for found, count in session.execute(query)}  # noqa: C416 - rows


def count_waiting(session: Session) -> tuple[dict[QueueName, int], dict[QueueName, datetime]]:
    """Count what waits in each queue, and since when the oldest has been waited for.

    Pictures wait in their own queue; decks to unpack or to put together in the CPU's. Age is that
    of the work: since it was asked for, or its stage began, however often it was announced.
    """
    counts = dict.fromkeys(SHOWN_QUEUES, 0)
    oldest: dict[QueueName, datetime] = {}
    for queue in PICTURE_QUEUES:
        waiting = (IS_QUEUED, Picture.queue == queue)
        counts[queue] = session.scalars(
            select(func.count()).select_from(Picture).where(*waiting)
        ).one()
        # Rows of an older version may have no such time; then the time of their making is used.
        for column in (Picture.queued_at, Picture.created_at):
            unknown = Picture.queued_at.is_(None) if column is Picture.created_at else true()
            since = session.scalars(select(func.min(column)).where(*waiting, unknown)).one()
            if since is not None:
                oldest[queue] = min(since, oldest.get(queue, since))
    decks = select(func.count(), func.min(func.coalesce(Job.queued_at, Job.created_at))).where(
        Job.state.in_(OPEN_JOB_STATES), Job.stage != Stage.UPSCALE, Job.lease_until.is_(None)
    )
    count, since = session.execute(decks).one()
    counts[QueueName.CPU] = count
    if since is not None:
        oldest[QueueName.CPU] = since
    return counts, oldest
