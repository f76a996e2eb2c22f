"""Whose turn it is among the pictures that wait; nothing is claimed here.

1. Bulk work, when it has waited a turn and nothing in bulk was begun meanwhile.
2. The picture that the message names, if it is interactive: somebody waits for exactly this.
3. Interactive work. 4. Bulk work.

Within a queue, tenants take turns by their weights: the least `Share.turn` is next (start-time
fair queueing: Goyal, Vin and Cheng, SIGCOMM 1996). One that holds more than its share of what
runs stands behind all that hold less; a worker is never idle for that. The jobs of one tenant
take turns in the same way, and the pictures of one job go in their order. What is of the same
size rides along: first from the same job, then from whichever job came first.

PostgreSQL answers in one statement (`crispdeck.records.work.taking`); this is the same for SQLite,
where a writing transaction is alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import PICTURE_QUEUES, QueueName
from crispdeck.records.ledger import HAS_QUEUED, IS_QUEUED
from crispdeck.records.states import OPEN_JOB_STATES, Stage
from crispdeck.records.tables import Job, Picture, Share, Tenant

BULK_TURN_S = 60.0
"""However many people wait in front of a screen, bulk work gets a turn as often as this."""

JOBS_TRIED = 100
"""Jobs of a tenant that one claim looks through at most, where others are at all pictures."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a worker can take."""

    named_id: str
    """The picture that its message names."""
    queues: Collection[QueueName]
    limit: int
    max_px: int
    """Input pixels of all pictures together; one that is larger comes alone."""


@dataclass(frozen=True)
class _Lead:
    id: str
    job_id: str
    bucket: str
    attempts: int
    px: int
    queue: QueueName


def choose(session: Session, wanted: Wanted, now: datetime) -> tuple[QueueName, list[str]] | None:
    """Name the pictures to take, the most urgent first, and their queue; None: nothing waits."""
    lead = _lead(session, wanted, now)
    if lead is None:
        return None
    room = min(wanted.limit, wanted.max_px // lead.px) - 1
    if room < 1 or lead.attempts:
        # What was begun before may have killed its worker: it must not take others along.
        return lead.queue, [lead.id]
    alike = (
        IS_QUEUED,
        Picture.queue == lead.queue,
        Picture.bucket == lead.bucket,
        Picture.attempts == 0,
        Picture.id != lead.id,
        is_ready(now),
    )
    query = (
        select(Picture.id)
        .where(*alike)
        .order_by(Picture.job_id != lead.job_id, Picture.job_id, Picture.id)
        .limit(room)
    )
    return lead.queue, [lead.id, *session.scalars(query)]


def is_ready(now: datetime) -> ColumnElement[bool]:
    """Leave out what waits for something that was away."""
    return or_(Picture.not_before.is_(None), Picture.not_before <= now)


def _lead(session: Session, wanted: Wanted, now: datetime) -> _Lead | None:
    # People who wait go first, unless bulk work has had no turn for too long.
    queues = [q for q in PICTURE_QUEUES if q in wanted.queues]
    # A worker of one queue alone has no choice to make.
    if queues == list(PICTURE_QUEUES) and _is_bulk_due(session, now):
        queues.reverse()
    # The message's own picture, if it is interactive: whoever sent it holds a connection open.
    named = _named(session, wanted.named_id, now)
    if named is not None and queues[:1] == [QueueName.INTERACTIVE]:
        return named
    for queue in queues:
        for tenant_id in _tenants_in_turn(session, queue, wanted.limit):
            found = _next_of(session, tenant_id, queue, now)
            if found is not None:
                return found
    return None


def _is_bulk_due(session: Session, now: datetime) -> bool:
    turn_begin = now - timedelta(seconds=BULK_TURN_S)
    oldest = (
        select(Picture.created_at)
        .where(IS_QUEUED, Picture.queue == QueueName.BULK)
        .order_by(Picture.id)
        .limit(1)
    )
    waits_since = session.scalars(oldest).first()
    if waits_since is None or waits_since > turn_begin:
        return False
    begun = select(Picture.id).where(
        Picture.queue == QueueName.BULK, Picture.started_at > turn_begin
    )
    return session.scalars(begun.limit(1)).first() is None


def _named(session: Session, picture_id: str, now: datetime) -> _Lead | None:
    interactive = Picture.queue == QueueName.INTERACTIVE
    return _first(
        session, QueueName.INTERACTIVE, (Picture.id == picture_id, interactive, is_ready(now))
    )


def _tenants_in_turn(session: Session, queue: QueueName, limit: int) -> Sequence[str]:
    running = select(func.coalesce(func.sum(Share.running), 0)).where(Share.queue == queue)
    query = (
        select(Share.tenant_id, Share.turn, Share.running, func.coalesce(Tenant.weight, 1.0))
        .join(Tenant, Tenant.id == Share.tenant_id)
        .where(Share.queue == queue, Share.queued > 0)
    )
    rows = session.execute(query).all()
    # As if the claim were granted: at the start nobody holds anything, and every share is nothing.
    held = session.scalars(running).one() + limit
    weights = sum(weight for *_, weight in rows)
    # First those that hold no more than their share, then by turn; the id makes it the same in
    # every process. Whoever holds more still comes, only last: no worker stays idle.
    in_turn = sorted(
        (holds > held * weight / weights, turn, tenant_id)
        for tenant_id, turn, holds, weight in rows
    )
    return [tenant_id for *_, tenant_id in in_turn]


def _next_of(session: Session, tenant_id: str, queue: QueueName, now: datetime) -> _Lead | None:
    jobs = (
        select(Job.id)
        .where(
            Job.tenant_id == tenant_id,
            Job.queue == queue,
            HAS_QUEUED,
            Job.stage == Stage.UPSCALE,
            Job.state.in_(OPEN_JOB_STATES),
        )
        .order_by(Job.turn, Job.id)
        .limit(JOBS_TRIED)
    )
    for job_id in session.scalars(jobs).all():
        found = _first(
            session, queue, (Picture.job_id == job_id, Picture.queue == queue, is_ready(now))
        )
        if found is not None:
            return found
    return None


def _first(
    session: Session, queue: QueueName, which: Sequence[ColumnElement[bool]]
) -> _Lead | None:
    # Rows of older versions may lack a size; one pixel lets them be taken and fail by themselves.
    px = func.coalesce(Picture.width_px, 1) * func.coalesce(Picture.height_px, 1)
    query = (
        select(Picture.id, Picture.job_id, Picture.bucket, Picture.attempts, px)
        .where(IS_QUEUED, *which)
        .order_by(Picture.id)
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    picture_id, job_id, bucket, attempts, px_ = row
    return _Lead(picture_id, job_id, bucket, attempts, max(1, px_), queue)
