"""Originals of swapped pictures, as rows; their bytes lie in the object store."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.rows import FromRow
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Deck, Job, Original, Picture


@dataclass(frozen=True, kw_only=True)
class OriginalRecord(FromRow):
    """Where an original lies, and until when."""

    new_sha256: str
    blob_sha256: str
    object_key: str
    expires_at: datetime


def remember_original(
    db: Database,
    tenant_id: str,
    *,
    new_sha256: str,
    blob_sha256: str,
    object_key: str,
    size_bytes: int,
    retention_days: float,
) -> None:
    """Note an original that lies in the store under a key of its own.

    Two requests that keep the same one at once leave two rows; both are good and both expire.
    """
    with db.session() as session:
        lock_tenant(session, tenant_id)
        now = db.now(session)
        session.add(
            Original(
                id=new_id(),
                tenant_id=tenant_id,
                new_sha256=new_sha256,
                blob_sha256=blob_sha256,
                object_key=object_key,
                size_bytes=size_bytes,
                created_at=now,
                expires_at=now + timedelta(days=retention_days),
            )
        )


def keep_longer(
    db: Database, tenant_id: str, new_sha256: str, blob_sha256: str, *, retention_days: float
) -> bool:
    """Give an original that is kept already its full time again; False where none is kept."""
    with db.session() as session:
        now = db.now(session)
        query = (
            select(Original)
            .where(
                Original.tenant_id == tenant_id,
                Original.new_sha256 == new_sha256,
                Original.blob_sha256 == blob_sha256,
                Original.expires_at > now,
            )
            .limit(1)
            .with_for_update()
        )
        row = session.scalars(query).first()
        if row is None:
            return False
        row.expires_at = max(row.expires_at, now + timedelta(days=retention_days))
        return True


def originals_of(db: Database, tenant_id: str, new_sha256: str) -> list[OriginalRecord]:
    """List the originals that a picture replaced, in a fixed order."""
    with db.reading() as session:
        query = (
            select(Original)
            .where(
                Original.tenant_id == tenant_id,
                Original.new_sha256 == new_sha256,
                Original.expires_at > db.now(session),
            )
            .order_by(Original.blob_sha256, Original.id)
        )
        return [OriginalRecord.of(row) for row in session.scalars(query)]


@dataclass(frozen=True)
class SourceRecord:
    """What a job made a picture from, while the job and its deck are kept."""

    source_key: str
    source_sha256: str
    source_format: str
    part: str


def sources_of(db: Database, tenant_id: str, new_sha256: str) -> list[SourceRecord]:
    """List what this picture was made from by jobs that are still kept, in a fixed order."""
    with db.reading() as session:
        query = (
            _made_from(tenant_id, db.now(session))
            .add_columns(Picture.source_key, Picture.sha256, Picture.source_format, Picture.parts)
            .where(Picture.result_sha256 == new_sha256)
            .order_by(Picture.id)
        )
        return [
            SourceRecord(key, sha256, kind, parts[0] if parts else "")
            for _, _, key, sha256, kind, parts in session.execute(query)
        ]


def _made_from(tenant_id: str, now: datetime) -> Select[str | None, datetime]:
    """Select pictures that jobs made, and until when what they were made from is kept."""
    until = func.coalesce(Deck.expires_at, Job.expires_at)
    return (
        select(Picture.result_sha256, until)
        .join(Job, Job.id == Picture.job_id)
        .outerjoin(Deck, Deck.id == Job.deck_id)
        .where(
            Picture.tenant_id == tenant_id,
            Picture.state == PictureState.DONE,
            Picture.source_key.is_not(None),
            Picture.sha256.is_not(None),
            Job.expires_at > now,
            or_(Job.deck_id.is_(None), and_(Deck.deleted_at.is_(None), Deck.expires_at > now)),
        )
    )


def known_originals(db: Database, tenant_id: str, sha256s: Collection[str]) -> dict[str, datetime]:
    """Tell for which of these pictures an original is kept, and until when.

    Kept are those that swaps replaced, and what jobs made pictures from, until they expire.
    """
    with db.reading() as session:
        now = db.now(session)
        made = _made_from(tenant_id, now).where(Picture.result_sha256.in_(sha256s))
        known: dict[str, datetime] = {}
        for sha256, until in session.execute(made):
            known[sha256 or ""] = max(until, known.get(sha256 or "", until))
        query = (
            select(Original.new_sha256, func.max(Original.expires_at))
            .where(
                Original.tenant_id == tenant_id,
                Original.new_sha256.in_(sha256s),
                Original.expires_at > db.now(session),
            )
            .group_by(Original.new_sha256)
        )
        for sha256, until in session.execute(query):
            known[sha256] = max(until, known.get(sha256, until))
        return known
