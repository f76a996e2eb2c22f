"""Takes pictures for a worker: choice, lease, attempt, token and change in one transaction.

What is given back are plain values of the rows, read without judging them: a row that cannot be
understood has been counted as an attempt by then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Job, Picture, PictureChange
from crispdeck.records.work.drains import may_claim, node_of
from crispdeck.records.work.fairness import BULK_TURN_S, JOBS_TRIED, Wanted, choose


@dataclass(frozen=True)
class Taken:
    """A picture that is this worker's from now on, and what its job asks for."""

    picture: Mapping[str, Any]
    options: Any


def take_pictures(db: Database, worker: str, wanted: Wanted, lease_s: float) -> list[Taken]:
    """Take what is most urgent; nothing while the worker is drained.

    On PostgreSQL it is one statement that waits for nobody: what others are just taking or
    ending is passed over.
    """
    with db.session() as session:
        if db.dialect == "postgresql":
            return _take_at_once(session, worker, wanted, lease_s, db.set_time())
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


def _take_at_once(
    session: Session, worker: str, wanted: Wanted, lease_s: float, now: datetime | None
) -> list[Taken]:
    values = {
        "now": now,
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
    }
    found = session.execute(_TAKE, values)
    return [Taken(row._mapping, row.options) for row in found]


_TAKE = text(
    """
WITH moment AS MATERIALIZED (
    SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) AS at
),
worker_may AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT 1 FROM drain WHERE node = :node) AS take
),
bulk_is AS MATERIALIZED (
    SELECT CAST(:bulk AS boolean) AND CAST(:interactive AS boolean)
        AND (SELECT created_at FROM picture WHERE state = 'queued' AND queue = 'bulk'
             ORDER BY id LIMIT 1) <= (SELECT at FROM moment) - CAST(:turn AS interval)
        AND NOT EXISTS (
            SELECT 1 FROM picture WHERE queue = 'bulk'
            AND started_at > (SELECT at FROM moment) - CAST(:turn AS interval)
        ) AS due
),
named AS MATERIALIZED (
    SELECT id FROM picture
    WHERE id = :named AND state = 'queued' AND queue = 'interactive'
        AND CAST(:interactive AS boolean)
        AND (SELECT take FROM worker_may)
        AND (SELECT due FROM bulk_is) IS NOT TRUE
        AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
    FOR NO KEY UPDATE SKIP LOCKED
),
line AS MATERIALIZED (
    SELECT s.tenant_id, s.queue
    FROM share s
    JOIN tenant t ON t.id = s.tenant_id
    CROSS JOIN LATERAL (SELECT coalesce(t.weight, 1.0) AS of) weight
    CROSS JOIN (
        SELECT sum(running) FILTER (WHERE queue = 'interactive') AS interactive,
               sum(running) FILTER (WHERE queue = 'bulk') AS bulk
        FROM share
    ) held
    WHERE s.queued > 0
        AND (s.queue = 'interactive' AND CAST(:interactive AS boolean)
            OR s.queue = 'bulk' AND CAST(:bulk AS boolean))
        AND (SELECT take FROM worker_may)
    ORDER BY
        CASE WHEN s.queue = 'interactive' THEN 1
             WHEN (SELECT due FROM bulk_is) THEN 0 ELSE 2 END,
        s.running > (
            CASE s.queue WHEN 'bulk' THEN held.bulk ELSE held.interactive END
            + CAST(:most AS integer)
        ) * weight.of / sum(weight.of) OVER (PARTITION BY s.queue),
        s.turn, s.tenant_id
),
in_turn AS MATERIALIZED (
    -- Joins of what is limited go row by row in the order of the line, and end with the first.
    SELECT one.id
    FROM line
    CROSS JOIN LATERAL (
        SELECT id FROM job
        WHERE tenant_id = line.tenant_id AND queue = line.queue AND pictures_queued > 0
            AND stage = 'upscale' AND state IN ('queued', 'running')
        ORDER BY turn, id LIMIT CAST(:jobs AS integer)
    ) waiting
    CROSS JOIN LATERAL (
        SELECT id FROM picture
        WHERE job_id = waiting.id AND state = 'queued' AND queue = line.queue
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY id LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
    WHERE NOT EXISTS (SELECT 1 FROM named)
    LIMIT 1
),
lead AS MATERIALIZED (
    SELECT id, job_id, queue, bucket,
        CASE WHEN attempts > 0 THEN 0 ELSE greatest(0, least(
            CAST(:most AS bigint),
            CAST(:max_px AS bigint)
                / greatest(1, coalesce(width_px, 1)::bigint * coalesce(height_px, 1))
        ) - 1) END AS room
    FROM picture
    WHERE id = coalesce((SELECT id FROM named), (SELECT id FROM in_turn))
),
own AS MATERIALIZED (
    SELECT one.id, one.place FROM lead CROSS JOIN LATERAL (
        SELECT id, 1 AS place FROM picture
        WHERE state = 'queued' AND queue = lead.queue AND bucket = lead.bucket
            AND job_id = lead.job_id AND attempts = 0 AND id <> lead.id
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY id LIMIT lead.room
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
),
others AS MATERIALIZED (
    SELECT one.id, one.place FROM lead CROSS JOIN LATERAL (
        SELECT id, 2 AS place FROM picture
        WHERE state = 'queued' AND queue = lead.queue AND bucket = lead.bucket
            AND job_id <> lead.job_id AND attempts = 0
            AND (not_before IS NULL OR not_before <= (SELECT at FROM moment))
        ORDER BY job_id, id LIMIT greatest(0, lead.room - (SELECT count(*) FROM own))
        FOR NO KEY UPDATE SKIP LOCKED
    ) one
),
taken AS (
    UPDATE picture p SET
        state = 'running', worker = :worker, leased_at = moment.at,
        lease_until = moment.at + CAST(:lease AS interval),
        attempts = p.attempts + 1, token = p.token + 1, started_at = moment.at,
        finished_at = NULL, code = NULL, detail = NULL
    FROM moment, (
        SELECT id, 0 AS place FROM lead
        UNION ALL SELECT id, place FROM own UNION ALL SELECT id, place FROM others
    ) chosen
    WHERE p.id = chosen.id
    RETURNING p.id, p.token, p.tenant_id, p.job_id, p.attempts, p.queue, p.parts, p.sha256,
        p.source_key, p.source_format, p.source_bytes, p.width_px, p.height_px, p.scale,
        chosen.place
),
noted AS (
    INSERT INTO picture_change (tenant_id, job_id, picture_id, queue, was, becomes, data, at)
    SELECT tenant_id, job_id, id, queue, 'queued', 'running',
        json_build_object('parts', parts, 'code', NULL, 'worker', CAST(:worker AS text)),
        (SELECT at FROM moment)
    FROM taken ORDER BY place, job_id, id
)
SELECT taken.*, job.options FROM taken JOIN job ON job.id = taken.job_id
ORDER BY taken.place, taken.job_id, taken.id
"""
)
