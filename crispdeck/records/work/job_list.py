"""Jobs of all tenants by what an operator asks for, page by page; quick with very many of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from crispdeck.records.database import Database
from crispdeck.records.ids import first_id_at
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables import Deck, Event, Job, Picture, Tenant
from crispdeck.records.work.values import JobRecord, PictureRecord

ID_LENGTH = 32  # hexadecimal digits of an id, see `crispdeck.records.ids`
COUNTED_TO = 1000
"""A longer list is `more than` this: nobody reads the number, and counting takes time."""


@dataclass(frozen=True, kw_only=True)
class JobFilter:
    """What jobs have to be like; None: does not matter."""

    tenant_id: str | None = None
    state: JobState | None = None
    kind: JobKind | None = None
    younger_than: timedelta | None = None
    older_than: timedelta | None = None
    text: str = ""
    """A part of the deck's name, or the whole id of a job, a deck or a picture."""
    code: str | None = None
    """What the job or one of its pictures failed with."""


@dataclass(frozen=True)
class FoundJob:
    """A job with the names of what it belongs to."""

    job: JobRecord
    tenant: str
    deck: str | None
    gone_at: datetime | None = None
    """When it was deleted or expired: its objects may be gone already."""


@dataclass(frozen=True)
class FoundPage:
    """Some of the jobs, newest first."""

    items: tuple[FoundJob, ...]
    next_after: str | None
    count: int
    """How many there are in all; COUNTED_TO + 1 stands for more than COUNTED_TO."""


def find_jobs(
    db: Database, wanted: JobFilter, *, after: str | None = None, limit: int = 50
) -> FoundPage:
    """List jobs, newest first, from the one behind `after` on."""
    with db.reading() as session:
        now = db.now(session)
        page = matching(wanted, now)
        if after is not None:
            page = page.where(Job.id < after)
        # The names are looked up for the rows of the page alone.
        ids = list(session.scalars(page.order_by(Job.id.desc()).limit(limit + 1)))
        shown = (
            select(Job, Tenant.name, Deck.name)
            .join(Tenant, Tenant.id == Job.tenant_id)
            .outerjoin(Deck, Deck.id == Job.deck_id)
            .where(Job.id.in_(ids[:limit]))
            .order_by(Job.id.desc())
        )
        items = tuple(
            FoundJob(JobRecord.of(job), tenant, deck)
            for job, tenant, deck in session.execute(shown)
        )
        few = matching(wanted, now).limit(COUNTED_TO + 1).subquery()
        count = session.scalars(select(func.count()).select_from(few)).one()
    return FoundPage(items, ids[limit - 1] if len(ids) > limit else None, count)


def matching_ids(db: Database, wanted: JobFilter, *, limit: int = COUNTED_TO) -> list[str]:
    """List the ids of what matches, newest first."""
    with db.reading() as session:
        query = matching(wanted, db.now(session)).order_by(Job.id.desc()).limit(limit)
        return list(session.scalars(query))


def find_job(db: Database, job_id: str) -> FoundJob | None:
    """Look a job up, whoever's it is, expired ones too; None if there is none."""
    with db.reading() as session:
        query = (
            select(Job, Tenant.name, Deck)
            .join(Tenant, Tenant.id == Job.tenant_id)
            .outerjoin(Deck, Deck.id == Job.deck_id)
            .where(Job.id == job_id)
        )
        row = session.execute(query).first()
        if row is None:
            return None
        job: Job = row[0]
        deck: Deck | None = row[2]
        ends_at = job.expires_at if deck is None else deck.deleted_at or deck.expires_at
        return FoundJob(
            job=JobRecord.of(job),
            tenant=row[1],
            deck=None if deck is None else deck.name,
            gone_at=ends_at if ends_at <= db.now(session) else None,
        )


def tracebacks(db: Database, job_id: str) -> dict[str, str]:
    """Return where the job and its pictures broke, by their ids."""
    with db.reading() as session:
        queries = (
            select(Job.id, Job.traceback).where(Job.id == job_id, Job.traceback.is_not(None)),
            select(Picture.id, Picture.traceback).where(
                Picture.job_id == job_id, Picture.traceback.is_not(None)
            ),
        )
        return {
            row_id: traceback
            for query in queries
            for row_id, traceback in session.execute(query)
            if traceback
        }


def matching(wanted: JobFilter, now: datetime) -> Select[Any]:
    """Select the ids of what matches."""
    query = select(Job.id)
    for column, value in (
        (Job.tenant_id, wanted.tenant_id),
        (Job.state, wanted.state),
        (Job.kind, wanted.kind),
    ):
        if value is not None:
            query = query.where(column == value)
    # Ids sort by time, so that an age is a range of the very index that the page is read from.
    if wanted.younger_than is not None:
        query = query.where(Job.id >= first_id_at(now - wanted.younger_than))
    if wanted.older_than is not None:
        query = query.where(Job.id < first_id_at(now - wanted.older_than))
    if wanted.code:
        query = _with_code(query, wanted.code)
    if wanted.text:
        query = _with_text(query, wanted.text.strip())
    return query


def _with_code(query: Select[Any], code: str) -> Select[Any]:
    pictures = select(Picture.job_id).where(
        Picture.state == PictureState.FAILED, Picture.code == code
    )
    jobs = select(Job.id).where(Job.state == JobState.FAILED, Job.code == code)
    return query.where(Job.id.in_(pictures.union(jobs)))


def _with_text(query: Select[Any], text: str) -> Select[Any]:
    if len(text) == ID_LENGTH and set(text) <= set("0123456789abcdef"):
        of_picture = select(Picture.job_id).where(Picture.id == text).scalar_subquery()
        return query.where(or_(Job.id == text, Job.deck_id == text, Job.id == of_picture))
    named = select(Deck.id).where(Deck.name.icontains(text, autoescape=True))
    return query.where(Job.deck_id.in_(named))


def picture_page(
    db: Database, job_id: str, *, after: str, limit: int
) -> tuple[list[PictureRecord], str | None]:
    """List some pictures of a job, those that failed first, then oldest first.

    Args:
        after: where the last page ended, as it was returned; empty: from the start.

    Returns:
        The pictures, and where the next page begins; None at the end.
    """
    # The cursor holds both, rank and id, so that a page goes on within the failed ones.
    rank = case((Picture.state == PictureState.FAILED, 0), else_=1)
    query = select(Picture, rank).where(Picture.job_id == job_id)
    seen_rank, _, seen_id = after.partition("-")
    if seen_rank in {"0", "1"}:
        behind = or_(rank > int(seen_rank), and_(rank == int(seen_rank), Picture.id > seen_id))
        query = query.where(behind)
    with db.reading() as session:
        rows = session.execute(query.order_by(rank, Picture.id).limit(limit + 1)).all()
        pictures = [PictureRecord.of(row) for row, _ in rows[:limit]]
        more = len(rows) > limit
        return pictures, f"{rows[limit - 1][1]}-{pictures[-1].id}" if more else None


def last_workers(db: Database, job_id: str, picture_ids: Collection[str]) -> dict[str, str]:
    """Return who was last at each picture; its row names a worker only while one is at it."""
    with db.reading() as session:
        query = select(Event.picture_id, Event.data).where(
            Event.job_id == job_id,
            Event.picture_id.in_(picture_ids),
            Event.kind == EventKind.PICTURE_RUNNING,
        )
        return {
            picture_id: str(data["worker"])
            for picture_id, data in session.execute(query.order_by(Event.seq))
            if picture_id is not None and data.get("worker")
        }


def stage_workers(db: Database, job_id: str) -> dict[Stage, str]:
    """Return who did the job's own stages: who took the deck apart, and who put it together."""
    with db.reading() as session:
        query = select(Event.kind, Event.data).where(
            Event.job_id == job_id,
            Event.picture_id.is_(None),
            Event.kind.in_({EventKind.JOB_STAGE, EventKind.JOB_DONE, EventKind.JOB_FAILED}),
        )
        return {
            # The event of a new stage names who finished the one before it.
            Stage.PREPARE if kind is EventKind.JOB_STAGE else Stage(data["stage"]): data["worker"]
            for kind, data in session.execute(query.order_by(Event.seq))
            if data.get("worker")
        }


def find_picture(db: Database, job_id: str, picture_id: str) -> PictureRecord | None:
    """Look one picture of a job up, whoever's it is; None if there is none."""
    with db.reading() as session:
        row = session.get(Picture, picture_id)
        return None if row is None or row.job_id != job_id else PictureRecord.of(row)
