"""What has to be deleted, and forgetting it afterwards: objects first, then their rows.

A sweep asks for what is due, deletes those objects, and only then has the rows forgotten. If it
dies in between, the next one does the same again: deleting twice does no harm, and no row goes
before its objects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from crispdeck.records.database import Database
from crispdeck.records.shelf.decks import mark_deleted
from crispdeck.records.shelf.idempotency import KEPT_FOR
from crispdeck.records.shelf.library import forget_expired_library, forget_library_of
from crispdeck.records.shelf.uploads import UNTOUCHED_UPLOAD_KEPT
from crispdeck.records.states import FINAL_JOB_STATES, OPEN_JOB_STATES, JobKind, UploadState
from crispdeck.records.tables import (
    Batch,
    Deck,
    DerivedFile,
    IdempotencyKey,
    Job,
    Original,
    Pairing,
    Picture,
    Upload,
    UploadPart,
    UpscaleCache,
    WorkerHeartbeat,
)
from crispdeck.records.transitions import cancel, lock_job, lock_jobs

UNUSED_UPSCALE_KEPT = timedelta(hours=1)
"""How long an upscale outlives the last job that used it: a worker may just have found it."""

OVER = frozenset({UploadState.CANCELLED})
"""States of uploads that callers no longer see."""

SILENT_WORKER_KEPT = timedelta(days=1)
"""Its row stays so long after its last beat, for operators to see; a guess."""


class DueKind(StrEnum):
    """Which table a doomed row is in."""

    DECK = "deck"
    JOB = "job"
    UPSCALE = "upscale"
    UPLOAD = "upload"
    """Only its parts, unless it was given up."""
    ORIGINAL = "original"


@dataclass(frozen=True)
class Due:
    """A row that has to go, and the objects that have to go before it."""

    kind: DueKind
    id: str
    keys: tuple[str, ...]


_STANDS_ALONE: dict[DueKind, type[UpscaleCache | Original]] = {
    DueKind.UPSCALE: UpscaleCache,
    DueKind.ORIGINAL: Original,
}


def due_for_deletion(db: Database, *, limit: int = 100) -> list[Due]:
    """Find what was deleted or has expired; open jobs of it are ended first."""
    _end_expired_decks(db, limit)
    _end_expired_jobs(db, limit)
    _give_up_uploads(db)
    with db.reading() as session:
        now = db.now(session)
        return [
            *_doomed_decks(session, limit),
            *_doomed_picture_jobs(session, now, limit),
            *_doomed_upscales(session, now, limit),
            *_doomed_uploads(session, limit),
            *_doomed_originals(session, now, limit),
        ]


def forget(db: Database, doomed: Iterable[Due]) -> None:
    """Delete the rows of what was due, after its objects."""
    for item in doomed:
        with db.session() as session:
            db.lock(session)  # two sweeps that meet in the same upscales would block each other
            if alone := _STANDS_ALONE.get(item.kind):
                session.execute(delete(alone).where(alone.id == item.id))
                continue
            if item.kind is DueKind.UPLOAD:
                session.execute(delete(UploadPart).where(UploadPart.upload_id == item.id))
                session.execute(delete(Upload).where(Upload.id == item.id, Upload.state.in_(OVER)))
                continue
            # A deck goes with its jobs; a job of a single picture goes by itself.
            is_deck = item.kind is DueKind.DECK
            belongs = Job.deck_id == item.id if is_deck else Job.id == item.id
            jobs = lock_jobs(session, session.scalars(select(Job.id).where(belongs)))
            _let_upscales_expire(session, jobs, db.now(session))
            if is_deck:
                forget_library_of(session, item.id)
            table = Deck if is_deck else Job
            session.execute(delete(table).where(table.id == item.id))


def forget_old_rows(db: Database) -> None:
    """Delete rows without objects: used-up keys, empty batches, what a library held till now."""
    with db.session() as session:
        now = db.now(session)
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT_FOR))
        session.execute(delete(Pairing).where(Pairing.expires_at <= now))
        gone = WorkerHeartbeat.beat_at < now - SILENT_WORKER_KEPT
        session.execute(delete(WorkerHeartbeat).where(gone))
        _forget_empty_batches(session, now)
    forget_expired_library(db)


def unknown_keys(db: Database, keys: Collection[str]) -> list[str]:
    """Return those of the objects that no row knows.

    A worker that is killed between writing an object and its row leaves such a one; whoever
    deletes them must leave those alone that are young enough to be in work.
    """
    columns = (
        Deck.object_key,
        Job.result_key,
        Picture.source_key,
        Picture.result_key,
        UpscaleCache.object_key,
        UploadPart.object_key,
        Original.object_key,
        DerivedFile.object_key,
    )
    unknown = set(keys)
    with db.reading() as session:
        for column in columns:
            unknown -= set(session.scalars(select(column).where(column.in_(unknown))))
    return sorted(unknown)


def _end_expired_decks(db: Database, limit: int) -> None:
    with db.reading() as session:
        now = db.now(session)
        expired = select(Deck.id).where(Deck.deleted_at.is_(None), Deck.expires_at <= now)
        # Ids first, then a transaction each: a sweep that is killed has done whole decks.
        deck_ids = session.scalars(expired.limit(limit)).all()
    for deck_id in deck_ids:
        with db.session() as session:
            deck = session.get(Deck, deck_id, with_for_update={"key_share": True})
            now = db.now(session)
            # Asked again under the lock: somebody may have lengthened it meanwhile.
            if deck is not None and deck.expires_at <= now:
                mark_deleted(session, deck, now)


def _end_expired_jobs(db: Database, limit: int) -> None:
    with db.reading() as session:
        now = db.now(session)
        expired = select(Job.id).where(
            Job.kind == JobKind.PICTURE, Job.expires_at <= now, Job.state.in_(OPEN_JOB_STATES)
        )
        job_ids = session.scalars(expired.limit(limit)).all()
    for job_id in job_ids:
        with db.session() as session:
            job = lock_job(session, job_id)
            if job is not None:
                cancel(session, job, db.now(session))


def _doomed_decks(session: Session, limit: int) -> list[Due]:
    doomed = []
    for deck in session.scalars(select(Deck).where(Deck.deleted_at.is_not(None)).limit(limit)):
        jobs = session.execute(select(Job.id, Job.result_key).where(Job.deck_id == deck.id)).all()
        results = [result_key for _, result_key in jobs if result_key is not None]
        keys = _picture_keys(session, [job_id for job_id, _ in jobs])
        derived = select(DerivedFile.object_key).where(DerivedFile.deck_id == deck.id)
        keys += session.scalars(derived)
        doomed.append(Due(DueKind.DECK, deck.id, (deck.object_key, *results, *keys)))
    return doomed


def _doomed_picture_jobs(session: Session, now: datetime, limit: int) -> list[Due]:
    expired = select(Job.id).where(
        Job.kind == JobKind.PICTURE, Job.expires_at <= now, Job.state.in_(FINAL_JOB_STATES)
    )
    return [
        Due(DueKind.JOB, job_id, tuple(_picture_keys(session, [job_id])))
        for job_id in session.scalars(expired.limit(limit)).all()
    ]


def _doomed_upscales(session: Session, now: datetime, limit: int) -> list[Due]:
    # An expired upscale stays as long as a job shows it: its object is that job's result.
    used = exists().where(Picture.result_key == UpscaleCache.object_key)
    unused = select(UpscaleCache).where(UpscaleCache.expires_at <= now, ~used)
    return [
        Due(DueKind.UPSCALE, row.id, (row.object_key,))
        for row in session.scalars(unused.limit(limit))
    ]


def _give_up_uploads(db: Database) -> None:
    """End what nobody sent a part of for too long; from then on no part is taken."""
    with db.session() as session:
        untouched = Upload.touched_at <= db.now(session) - UNTOUCHED_UPLOAD_KEPT
        session.execute(
            update(Upload)
            .where(Upload.state == UploadState.RECEIVING, untouched)
            .values(state=UploadState.CANCELLED)
            .execution_options(synchronize_session=False)
        )


def _doomed_uploads(session: Session, limit: int) -> list[Due]:
    """Find parts that are a deck, or never will be one."""
    has_parts = exists().where(UploadPart.upload_id == Upload.id)
    ended = or_(Upload.state.in_(OVER), and_(Upload.state != UploadState.RECEIVING, has_parts))
    doomed = []
    for upload_id in session.scalars(select(Upload.id).where(ended).limit(limit)).all():
        keys = select(UploadPart.object_key).where(UploadPart.upload_id == upload_id)
        doomed.append(Due(DueKind.UPLOAD, upload_id, tuple(session.scalars(keys))))
    return doomed


def _forget_empty_batches(session: Session, now: datetime) -> None:
    """Delete batches that are over once nothing lies in them, and uploads that nobody asks for."""
    over = or_(Batch.deleted_at.is_not(None), Batch.expires_at <= now)
    on_its_way = exists().where(Upload.batch_id == Batch.id, Upload.state == UploadState.RECEIVING)
    has_parts = exists().where(Upload.batch_id == Batch.id, UploadPart.upload_id == Upload.id)
    has_decks = exists().where(Deck.batch_id == Batch.id)
    session.execute(
        delete(Batch)
        .where(over, ~on_its_way, ~has_parts, ~has_decks)
        .execution_options(synchronize_session=False)
    )
    lonely = (
        Upload.batch_id.is_(None),
        Upload.state.in_({UploadState.DONE, UploadState.REFUSED}),
        Upload.touched_at <= now - UNTOUCHED_UPLOAD_KEPT,
        ~exists().where(UploadPart.upload_id == Upload.id),
    )
    session.execute(delete(Upload).where(*lonely).execution_options(synchronize_session=False))


def _doomed_originals(session: Session, now: datetime, limit: int) -> list[Due]:
    expired = select(Original).where(Original.expires_at <= now).limit(limit)
    return [Due(DueKind.ORIGINAL, row.id, (row.object_key,)) for row in session.scalars(expired)]


def _picture_keys(session: Session, job_ids: Collection[str]) -> list[str]:
    """List the objects that only these jobs' pictures use; cached upscales go by themselves."""
    own = Picture.job_id.in_(job_ids)
    cached = exists().where(UpscaleCache.object_key == Picture.result_key)
    sources = select(Picture.source_key).where(own, Picture.source_key.is_not(None))
    results = select(Picture.result_key).where(own, Picture.result_key.is_not(None), ~cached)
    return sorted(session.scalars(sources.union(results)))


def _let_upscales_expire(session: Session, job_ids: Collection[str], now: datetime) -> None:
    """Give cached upscales that no other job uses only a short while more."""
    soon = now + UNUSED_UPSCALE_KEPT
    elsewhere = aliased(Picture)
    own = select(Picture.result_key).where(
        Picture.job_id.in_(job_ids), Picture.result_key.is_not(None)
    )
    used = exists().where(
        elsewhere.result_key == UpscaleCache.object_key, elsewhere.job_id.not_in(job_ids)
    )
    session.execute(
        update(UpscaleCache)
        .where(UpscaleCache.object_key.in_(own), UpscaleCache.expires_at > soon, ~used)
        .values(expires_at=soon)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class DueSoon:
    """What the sweeper will delete within a day."""

    decks: int
    pictures: int
    """Jobs of single pictures."""
    size_bytes: int
    """Of the decks, as handed in and as made sharp."""


def due_soon(db: Database, within: timedelta = timedelta(days=1)) -> DueSoon:
    """Count what expires within the time; what people delete themselves is gone in seconds."""
    with db.reading() as session:
        until = db.now(session) + within
        due = Deck.expires_at <= until
        decks, deck_bytes = session.execute(
            select(func.count(), func.sum(Deck.size_bytes)).where(due)
        ).one()
        results = select(func.sum(Job.result_bytes)).join(Deck, Deck.id == Job.deck_id).where(due)
        pictures = select(func.count()).where(Job.kind == JobKind.PICTURE, Job.expires_at <= until)
        return DueSoon(
            decks=decks,
            pictures=session.scalars(pictures).one(),
            size_bytes=int(deck_bytes or 0) + int(session.scalars(results).one() or 0),
        )
