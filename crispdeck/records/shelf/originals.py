"""Originals of swapped pictures, as rows; their bytes lie in the object store."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.rows import FromRow
from crispdeck.records.tables import Original


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


def known_originals(db: Database, tenant_id: str, sha256s: Collection[str]) -> dict[str, datetime]:
    """Tell for which of these pictures an original is kept, and until when."""
    with db.reading() as session:
        query = (
            select(Original.new_sha256, func.max(Original.expires_at))
            .where(
                Original.tenant_id == tenant_id,
                Original.new_sha256.in_(sha256s),
                Original.expires_at > db.now(session),
            )
            .group_by(Original.new_sha256)
        )
        return dict(session.execute(query).all())
