"""The workers as an operator sees them: who lives, who is drained, and what each has in hand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.states import OPEN_JOB_STATES, PictureState
from crispdeck.records.tables import Drain, Job, Picture, WorkerHeartbeat
from crispdeck.records.work.drains import node_of
from crispdeck.records.work.values import DrainRecord, WorkerRecord

GONE_SHOWN = timedelta(hours=1)
"""A worker that fell silent is shown for so long."""


class WorkerStatus(StrEnum):
    """How a worker process is."""

    WORKING = "working"
    IDLE = "idle"
    DRAINING = "draining"
    """It finishes what it has, and takes nothing new."""
    DRAINED = "drained"
    GONE = "gone"
    """It gave no sign of life for too long: killed, or cut off."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A row that a worker is at."""

    what: str
    """`picture`, or the stage of a deck's job."""
    job_id: str
    tenant_id: str
    since: datetime | None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CrewMember:
    """One worker process."""

    record: WorkerRecord
    node: str
    process: str
    status: WorkerStatus
    silent_s: float
    holds: tuple[Held, ...]


@dataclass(frozen=True)
class Crew:
    """All of them, and the drained nodes, those without a process too."""

    members: tuple[CrewMember, ...]
    drains: dict[str, DrainRecord]

    @property
    def living(self) -> int:
        """How many give signs of life."""
        return sum(member.status is not WorkerStatus.GONE for member in self.members)


def crew(db: Database, *, gone_after_s: float) -> Crew:
    """Look at all workers, living ones first.

    Args:
        gone_after_s: silence that means that a worker is gone; three missed heartbeats.
    """
    with db.reading() as session:
        now = db.now(session)
        drains = {row.node: DrainRecord.of(row) for row in session.scalars(select(Drain))}
        holds = _held(session)
        rows = session.scalars(
            select(WorkerHeartbeat)
            .where(WorkerHeartbeat.beat_at >= now - GONE_SHOWN)
            .order_by(WorkerHeartbeat.worker)
        )
        members = []
        for row in rows:
            silent_s = max(0.0, (now - row.beat_at).total_seconds())
            node = node_of(row.worker)
            held = tuple(holds.get(row.worker, ()))
            members.append(
                CrewMember(
                    record=WorkerRecord.of(row),
                    node=node,
                    process=row.worker.rpartition(":")[2],
                    status=_status(silent_s > gone_after_s, node in drains, bool(held)),
                    silent_s=silent_s,
                    holds=held,
                )
            )
    members.sort(key=lambda one: (one.status is WorkerStatus.GONE, one.node, one.silent_s))
    return Crew(tuple(members), drains)


def gone_after_s(lease_s: float, beat_s: float) -> float:
    """Return the silence after which a worker counts as gone: three beats, or its lease."""
    return min(lease_s, 3 * beat_s)


def _status(is_gone: bool, is_drained: bool, is_working: bool) -> WorkerStatus:
    if is_gone:
        return WorkerStatus.GONE
    if is_drained:
        return WorkerStatus.DRAINING if is_working else WorkerStatus.DRAINED
    return WorkerStatus.WORKING if is_working else WorkerStatus.IDLE


def _held(session: Session) -> dict[str, list[Held]]:
    holds: dict[str, list[Held]] = defaultdict(list)
    pictures = select(
        Picture.worker, Picture.job_id, Picture.tenant_id, Picture.started_at, Picture.parts
    ).where(Picture.state == PictureState.RUNNING)
    for worker, job_id, tenant_id, since, parts in session.execute(pictures):
        if worker is not None:
            holds[worker].append(
                Held(
                    what="picture",
                    job_id=job_id,
                    tenant_id=tenant_id,
                    since=since,
                    parts=tuple(parts),
                )
            )
    jobs = select(Job.worker, Job.id, Job.tenant_id, Job.stage).where(
        Job.state.in_(OPEN_JOB_STATES), Job.lease_until.is_not(None)
    )
    for worker, job_id, tenant_id, stage in session.execute(jobs):
        if worker is not None:
            holds[worker].append(
                Held(what=stage.value, job_id=job_id, tenant_id=tenant_id, since=None)
            )
    return holds
