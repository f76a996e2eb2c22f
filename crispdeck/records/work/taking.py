"""Takes pictures for a worker: choice, lease, attempt, token and change in one transaction.

What is given back are plain values of the rows, read without judging them: a row that cannot be
understood has been counted as an attempt by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Job, Picture, PictureChange
from crispdeck.records.work.drains import may_claim, node_of
from crispdeck.records.work.fairness import BULK_TURN_S, JOBS_TRIED, Wanted, choose
from crispdeck.records.work.statements import TAKE

Row = RowMapping | Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """A picture that is this worker's from now on, and what its job asks for."""

    picture: Row
    options: Any


def take_pictures(db: Database, worker: str, wanted: Wanted, lease_s: float) -> list[Taken]:
    """Take what is most urgent; nothing while the worker is drained.

    On PostgreSQL it is one statement that waits for nobody: what others are just taking or
    ending is passed over.
    """
    if db.dialect == "postgresql":
        return [Taken(row, row["options"]) for row in _take_at_once(db, worker, wanted, lease_s)]
    with db.session() as session:
        now = db.now(session)
        chosen = choose(session, wanted, now) if may_claim(session, worker) else None
        return [] if chosen is None else _take(session, worker, *chosen, now, lease_s)


_COLUMNS = (
    "id", "token", "tenant_id", "job_id", "attempts", "parts", "sha256", "source_key",
    "source_format", "source_bytes", "width_px", "height_px", "scale",
)  # fmt: skip


def _take(
    session: Session,
    worker: str,
    queue: QueueName,
    chosen: list[str],
    now: datetime,
    lease_s: float,
) -> list[Taken]:
    change = (
        update(Picture)
        .where(Picture.id.in_(chosen))
        .values(
            state=PictureState.RUNNING,
            worker=worker,
            leased_at=now,
            lease_until=now + timedelta(seconds=lease_s),
            attempts=Picture.attempts + 1,
            token=Picture.token + 1,
            started_at=now,
            finished_at=None,
            code=None,
            detail=None,
        )
        .returning(*(getattr(Picture, name) for name in _COLUMNS))
        .execution_options(synchronize_session=False)
    )
    # RETURNING gives rows in any order; the order of `chosen` is the order of urgency.
    rows = {row.id: row._mapping for row in session.execute(change)}
    job_ids = {row["job_id"] for row in rows.values()}
    asked = select(Job.id, Job.options).where(Job.id.in_(job_ids))
    options = {row.id: row.options for row in session.execute(asked)}
    session.execute(
        insert(PictureChange),
        [
            {
                "tenant_id": rows[one]["tenant_id"],
                "job_id": rows[one]["job_id"],
                "picture_id": one,
                "queue": queue,
                "was": PictureState.QUEUED,
                "becomes": PictureState.RUNNING,
                "data": {"parts": rows[one]["parts"], "code": None, "worker": worker},
                "at": now,
            }
            for one in chosen
        ],
    )
    return [
        Taken({**rows[one], "queue": queue.value}, options.get(rows[one]["job_id"]))
        for one in chosen
    ]


def _take_at_once(db: Database, worker: str, wanted: Wanted, lease_s: float) -> Sequence[Row]:
    return db.at_once(
        TAKE,
        {
            "now": db.set_time(),
            "worker": worker,
            "node": node_of(worker),
            "named": wanted.named_id,
            "interactive": QueueName.INTERACTIVE in wanted.queues,
            "bulk": QueueName.BULK in wanted.queues,
            "most": wanted.limit,
            "max_px": wanted.max_px,
            "lease": timedelta(seconds=lease_s),
            "turn": timedelta(seconds=BULK_TURN_S),
            "jobs": JOBS_TRIED,
        },
    )
