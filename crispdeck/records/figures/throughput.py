"""How quick the workers were lately and how much files grew: what an estimate rests on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.states import EventKind, JobState, PictureState
from crispdeck.records.tables import Event, Job, Picture, WorkerHeartbeat

MEASURED_OVER = 500
"""Pictures done most lately that the figures are taken from."""

MEASURED_DECKS = 100
"""Decks done most lately that the time beside their pictures is taken from."""

FIRST_S_PER_DECK = 0.4  # beside its pictures: taken apart and put together
FIRST_S_PER_MPX = 2.5  # of small pictures; as the next, of one network call
FIRST_S_PER_PICTURE = 0.05  # beside its pixels: claim, file, row
FIRST_GROWTH = {2: 2.5, 4: 6.0}
"""Before anything was measured: two cores of a server, PNGs as slides hold them, decks of 10 MB."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What the last pictures took, in seconds of one worker."""

    pictures: int
    """How many were measured; 0: the figures are guesses."""
    s_per_picture: float
    s_per_mpx: float
    s_per_deck: float
    """Unpacking one and putting it together, without its pictures and without waiting."""
    growth: Mapping[int, float]
    """Bytes of the result for each byte of the source, by scale."""
    workers: int
    """Upscaling workers heard of in the last minute; at least 1."""
    waiting_pictures: int
    waiting_mpx: float
    """What waits already, of everybody."""

    def seconds(self, pictures: int, mpx: float) -> float:
        """Say how long all workers together need for so much."""
        return (pictures * self.s_per_picture + mpx * self.s_per_mpx) / self.workers


def pace(db: Database) -> Pace:
    """Measure."""
    with db.reading() as session:
        now = db.now(session)
        rows = session.execute(
            select(
                Picture.worker,
                Picture.started_at,
                Picture.finished_at,
                Picture.width_px,
                Picture.height_px,
                Picture.scale,
                Picture.source_bytes,
                Picture.result_bytes,
            )
            .where(Picture.state == PictureState.DONE)
            .order_by(Picture.id.desc())
            .limit(MEASURED_OVER)
        ).all()
        s_per_picture, s_per_mpx = _fitted(_calls(rows))
        waiting, waiting_px = session.execute(
            select(func.count(), func.sum(Picture.width_px * Picture.height_px)).where(
                Picture.state.in_({PictureState.QUEUED, PictureState.RUNNING})
            )
        ).one()
        return Pace(
            pictures=len(rows),
            s_per_picture=s_per_picture,
            s_per_mpx=s_per_mpx,
            s_per_deck=_s_per_deck(session),
            growth=_growth(rows),
            workers=_upscaling_workers(session, now),
            waiting_pictures=waiting,
            waiting_mpx=float(waiting_px or 0) / 1e6,
        )


def _s_per_deck(session: Session) -> float:
    """Add up what a worker was at both stages of a deck, in the middle of those done lately."""
    lately = (
        select(Job.id)
        .where(Job.state == JobState.DONE)
        .order_by(Job.finished_at.desc())
        .limit(MEASURED_DECKS)
    )
    stages = (EventKind.JOB_STAGE, EventKind.JOB_DONE)
    took: dict[EventKind, list[float]] = {kind: [] for kind in stages}
    for kind, data in session.execute(
        select(Event.kind, Event.data).where(
            Event.job_id.in_(session.scalars(lately).all()),
            Event.picture_id.is_(None),
            Event.kind.in_(stages),
        )
    ):
        if "took_s" in data:
            took[kind].append(data["took_s"])
    return sum(map(median, took.values())) if all(took.values()) else FIRST_S_PER_DECK


@dataclass(frozen=True)
class _Call:
    """Pictures that one worker took up together."""

    pictures: int
    mpx: float
    seconds: float


def _calls(rows: Sequence[Any]) -> list[_Call]:
    groups: dict[tuple[str, datetime], list[Any]] = defaultdict(list)
    for row in rows:
        if row.started_at is not None and row.finished_at is not None:
            groups[row.worker or "", row.started_at].append(row)
    return [
        _Call(
            pictures=len(group),
            mpx=sum((row.width_px or 0) * (row.height_px or 0) for row in group) / 1e6,
            seconds=(max(row.finished_at for row in group) - started).total_seconds(),
        )
        for (_, started), group in groups.items()
    ]


def _fitted(calls: Sequence[_Call]) -> tuple[float, float]:
    """Fit seconds = a · pictures + b · megapixels by least squares, neither below zero."""
    if not calls:
        return FIRST_S_PER_PICTURE, FIRST_S_PER_MPX
    nn = sum(call.pictures**2 for call in calls)
    nm = sum(call.pictures * call.mpx for call in calls)
    mm = sum(call.mpx**2 for call in calls)
    ns = sum(call.pictures * call.seconds for call in calls)
    ms = sum(call.mpx * call.seconds for call in calls)
    determinant = nn * mm - nm * nm
    if determinant > 1e-9 * nn * mm:
        per_picture = (ns * mm - ms * nm) / determinant
        per_mpx = (ms * nn - ns * nm) / determinant
        if per_picture >= 0 and per_mpx >= 0:
            return per_picture, per_mpx
    seconds = sum(call.seconds for call in calls)
    mpx = sum(call.mpx for call in calls)
    if mpx > 0:
        return 0.0, seconds / mpx
    return seconds / sum(call.pictures for call in calls), 0.0


def _growth(rows: Sequence[Any]) -> dict[int, float]:
    found = dict(FIRST_GROWTH)
    for scale in FIRST_GROWTH:
        known = [row for row in rows if row.scale == scale and row.source_bytes]
        before = sum(row.source_bytes for row in known)
        if before:
            found[scale] = sum(row.result_bytes or 0 for row in known) / before
    return found


def _upscaling_workers(session: Session, now: datetime) -> int:
    alive = select(WorkerHeartbeat.queues).where(
        WorkerHeartbeat.beat_at > now - timedelta(minutes=1)
    )
    return max(1, sum(QueueName.BULK.value in queues for queues in session.scalars(alive)))
