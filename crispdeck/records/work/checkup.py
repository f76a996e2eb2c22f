"""What of the rows does not agree with itself, and what each row says of its object."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from crispdeck.errors import NotFoundError
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ledger import recount_shares
from crispdeck.records.states import OPEN_JOB_STATES, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables import (
    Deck,
    DerivedFile,
    Job,
    Original,
    Picture,
    PictureChange,
    UpscaleCache,
)
from crispdeck.records.transitions import enter_stage, lock_job, settle

AT_ONCE = 500
"""Rows that are read in one go."""

IS_SILENT = timedelta(minutes=5)
"""A lease, or a change that nobody added up, may be so old where sweeps run: they are seconds
apart."""


class Holds(StrEnum):
    """What an object is to its row."""

    DECK = "deck"
    SOURCE = "picture's source"
    RESULT = "picture's result"
    UPSCALE = "upscale"
    ENHANCED = "enhanced deck"
    ORIGINAL = "original picture"
    DERIVED = "report"


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """An object as its row describes it."""

    holds: Holds
    id: str
    key: str
    size_bytes: int | None
    sha256: str | None
    job_id: str | None = None


def jobs_counted_wrong(db: Database) -> list[str]:
    """List jobs whose counts are not those of their pictures; changes on their way are taken off.

    One statement, so that what happens meanwhile is in all of it or in nothing.
    """
    real = (
        select(
            Picture.job_id,
            *(
                func.count().filter(Picture.state == state).label(state.value)
                for state in PictureState
            ),
        )
        .group_by(Picture.job_id)
        .subquery()
    )
    # What is noted and not added up yet explains a difference, and is none.
    pending = (
        select(
            PictureChange.job_id,
            *(
                (
                    func.count().filter(PictureChange.becomes == state)
                    - func.count().filter(PictureChange.was == state)
                ).label(state.value)
                for state in PictureState
            ),
        )
        .group_by(PictureChange.job_id)
        .subquery()
    )
    differs = [
        getattr(Job, f"pictures_{state.value}")
        != func.coalesce(real.c[state.value], 0) - func.coalesce(pending.c[state.value], 0)
        for state in PictureState
    ]
    query = (
        select(Job.id)
        .outerjoin(real, real.c.job_id == Job.id)
        .outerjoin(pending, pending.c.job_id == Job.id)
        .where(or_(*differs))
        .order_by(Job.id)
    )
    with db.reading() as session:
        return list(session.scalars(query))


def stuck_jobs(db: Database) -> list[str]:
    """List open jobs whose pictures have all ended and that did not go on."""
    query = select(Job.id).where(
        Job.state.in_(OPEN_JOB_STATES),
        Job.stage == Stage.UPSCALE,
        Job.pictures_queued == 0,
        Job.pictures_running == 0,
    )
    with db.reading() as session:
        return list(session.scalars(query.order_by(Job.id)))


def resume(db: Database, job_id: str) -> list[WakeUp]:
    """Let such a job go on."""
    with db.session() as session:
        job = lock_job(session, job_id)
        return [] if job is None else settle(session, job, db.now(session))


def rows_of_silent_workers(db: Database) -> list[str]:
    """List rows whose lease ran out long ago: no sweep has run since."""
    with db.reading() as session:
        old = db.now(session) - IS_SILENT
        pictures = select(Picture.id).where(
            Picture.state == PictureState.RUNNING, Picture.lease_until < old
        )
        jobs = select(Job.id).where(Job.state.in_(OPEN_JOB_STATES), Job.lease_until < old)
        return sorted(session.scalars(pictures.union(jobs)))


def jobs_not_added_up(db: Database) -> list[str]:
    """List jobs with changes of their pictures that nobody added up for long."""
    with db.reading() as session:
        old = db.now(session) - IS_SILENT
        query = select(PictureChange.job_id).where(PictureChange.at < old).distinct()
        return sorted(session.scalars(query))


def correct_shares(db: Database) -> int:
    """Sum the shares of the queue anew; returns how many were wrong."""
    with db.session() as session:
        return recount_shares(session)


def assemble_again(db: Database, job_id: str) -> list[WakeUp]:
    """Let a job that is done put its deck together again from its pictures.

    Raises:
        NotFoundError: there is no such job any more.
    """
    with db.session() as session:
        job = lock_job(session, job_id)
        if job is None:
            raise NotFoundError(f"There is no job {job_id}.")
        if job.state is not JobState.DONE or job.kind is not JobKind.DECK:
            return []
        job.state, job.finished_at = JobState.RUNNING, None
        job.result_key = job.result_bytes = job.result_sha256 = job.summary = None
        return enter_stage(session, job, Stage.ASSEMBLE, db.now(session))


def stored_rows(db: Database) -> Iterator[StoredRow]:
    """Go through all rows that have an object, kind by kind, oldest first.

    What is expired or deleted, and waits for the sweeper, is left out: its object may be gone.
    """
    with db.reading() as session:
        now = db.now(session)
    for holds, query, key in _kinds(now):
        after = ""
        while True:
            page = query.where(key > after).order_by(key).limit(AT_ONCE)
            with db.reading() as session:
                rows = session.execute(page).all()
            for row in rows:
                yield StoredRow(
                    holds=holds,
                    id=row[0],
                    key=row[1],
                    size_bytes=row[2],
                    sha256=row[3],
                    job_id=row[4] if len(row) > 4 else None,
                )
            if len(rows) < AT_ONCE:
                break
            after = rows[-1][1]


def _kinds(
    now: datetime,
) -> Iterator[tuple[Holds, Select[*tuple[Any, ...]], InstrumentedAttribute[Any]]]:
    live_deck: ColumnElement[bool] = and_(Deck.deleted_at.is_(None), Deck.expires_at > now)
    yield (
        Holds.DECK,
        select(Deck.id, Deck.object_key, Deck.size_bytes, Deck.sha256).where(live_deck),
        Deck.object_key,
    )
    of_live = or_(Job.deck_id.is_(None), live_deck)
    pictures = (
        select(Picture.id)
        .join(Job, Job.id == Picture.job_id)
        .outerjoin(Deck, Deck.id == Job.deck_id)
        .where(of_live, Job.expires_at > now)
    )
    yield (
        Holds.SOURCE,
        pictures.add_columns(
            Picture.source_key, Picture.source_bytes, Picture.sha256, Picture.job_id
        ).where(Picture.source_key.is_not(None)),
        Picture.source_key,
    )
    yield (
        Holds.RESULT,
        pictures.add_columns(
            Picture.result_key, Picture.result_bytes, Picture.result_sha256, Picture.job_id
        ).where(Picture.result_key.is_not(None)),
        Picture.result_key,
    )
    yield (
        Holds.UPSCALE,
        select(
            UpscaleCache.id,
            UpscaleCache.object_key,
            UpscaleCache.size_bytes,
            UpscaleCache.object_sha256,
        ).where(UpscaleCache.expires_at > now),
        UpscaleCache.object_key,
    )
    yield (
        Holds.ENHANCED,
        select(Job.id, Job.result_key, Job.result_bytes, Job.result_sha256, Job.id.label("job"))
        .join(Deck, Deck.id == Job.deck_id)
        .where(live_deck, Job.result_key.is_not(None)),
        Job.result_key,
    )
    yield (
        Holds.DERIVED,
        select(DerivedFile.id, DerivedFile.object_key, DerivedFile.size_bytes, DerivedFile.sha256)
        .join(Deck, Deck.id == DerivedFile.deck_id)
        .where(live_deck),
        DerivedFile.object_key,
    )
    yield (
        Holds.ORIGINAL,
        # The object holds more than the picture whose SHA-256 the row knows.
        select(Original.id, Original.object_key, Original.size_bytes, null()).where(
            Original.expires_at > now
        ),
        Original.object_key,
    )
