"""What failed, grouped by code: pictures, and jobs that failed as a whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.states import JobKind, JobState, PictureState
from crispdeck.records.tables import Job, Picture


@dataclass(frozen=True, kw_only=True)
class FailureGroup:
    """All that failed with one code."""

    code: str
    of: str
    """`pictures` or `jobs`."""
    count: int
    tenants: int
    first_at: datetime | None
    last_at: datetime | None
    detail: str | None
    """What the latest one said."""
    traceback: str | None
    job_id: str
    """The latest one's job."""


def failure_groups(db: Database, within: timedelta) -> list[FailureGroup]:
    """Group what failed within the time and is still there, the most frequent first."""
    with db.reading() as session:
        since = db.now(session) - within
        pictures = (Picture.state == PictureState.FAILED, Picture.finished_at >= since)
        # A picture job fails with its picture's code: it is counted there.
        jobs = (
            Job.state == JobState.FAILED,
            Job.finished_at >= since,
            Job.kind == JobKind.DECK,
        )
        groups = [
            *_groups(session, Picture, select(Picture.job_id), pictures),
            *_groups(session, Job, select(Job.id), jobs),
        ]
    return sorted(groups, key=lambda group: -group.count)


def _groups(
    session: Session,
    table: type[Picture] | type[Job],
    job_id: Select[Any],
    conditions: tuple[Any, ...],
) -> list[FailureGroup]:
    counted = (
        select(
            table.code,
            func.count(),
            func.count(table.tenant_id.distinct()),
            func.min(table.finished_at),
            func.max(table.finished_at),
        )
        .where(*conditions)
        .group_by(table.code)
    )
    groups = []
    for code, count, tenants, first_at, last_at in session.execute(counted).all():
        latest = (
            job_id.add_columns(table.detail, table.traceback)
            .where(*conditions, table.code == code, table.finished_at == last_at)
            .limit(1)
        )
        its_job, detail, traceback = session.execute(latest).one()
        groups.append(
            FailureGroup(
                code=code or "unknown",
                of="pictures" if table is Picture else "jobs",
                count=count,
                tenants=tenants,
                first_at=first_at,
                last_at=last_at,
                detail=detail,
                traceback=traceback,
                job_id=its_job,
            )
        )
    return groups
