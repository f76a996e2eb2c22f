"""Upscales that a tenant has already, by what they depend on; one row for one object."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.values import UpscaleRecord
from crispdeck.records.tables import Tenant, UpscaleCache


def find_upscale(
    db: Database,
    tenant_id: str,
    *,
    sha256: str,
    networks: Collection[str],
    scale: int,
    variant: str,
    retention_days: float,
) -> UpscaleRecord | None:
    """Look for an upscale of these very bytes; using it keeps it for another retention time.

    Args:
        networks: names and versions of all that might have been chosen for it. Which one is
            known only once its pixels have been seen, for it depends on their true size; it is
            always the same, so at most one of them has a result.
        variant: names all else that the result depends on, such as its options.
        retention_days: of tenants that have no other number of their own.
    """
    same = (
        UpscaleCache.tenant_id == tenant_id,
        UpscaleCache.sha256 == sha256,
        UpscaleCache.network.in_(networks),
        UpscaleCache.scale == scale,
        UpscaleCache.variant == variant,
    )
    with db.reading() as session:
        # Most pictures are new: a look that writes nothing waits for nobody.
        if session.scalars(select(UpscaleCache.id).where(*same).limit(1)).first() is None:
            return None
    with db.session() as session:
        now = db.now(session)
        query = (
            select(UpscaleCache)
            .where(*same, UpscaleCache.expires_at > now)
            .order_by(UpscaleCache.id.desc())
            .limit(1)
            .with_for_update()
        )
        row = session.scalars(query).first()
        if row is None:
            return None
        row.last_used_at = now
        days = _days(session, tenant_id, retention_days)
        row.expires_at = max(row.expires_at, now + timedelta(days=days))
        return UpscaleRecord.of(row)


def remember_upscale(  # noqa: PLR0913 - these are what a cached upscale is
    db: Database,
    tenant_id: str,
    *,
    sha256: str,
    network: str,
    scale: int,
    variant: str,
    object_key: str,
    format: str,  # noqa: A002 - the column's name
    width_px: int,
    height_px: int,
    size_bytes: int,
    report: dict[str, Any],
    retention_days: float,
    object_sha256: str | None = None,
) -> UpscaleRecord:
    """Let later jobs use an upscale that lies in the store under a key of its own.

    Two workers that made the same one at once leave two rows; both are good and both expire, after
    `retention_days` where the tenant has no other number of its own.
    """
    with db.session() as session:
        now = db.now(session)
        row = UpscaleCache(
            id=new_id(),
            tenant_id=tenant_id,
            sha256=sha256,
            network=network,
            scale=scale,
            variant=variant,
            object_key=object_key,
            object_sha256=object_sha256,
            format=format,
            width_px=width_px,
            height_px=height_px,
            size_bytes=size_bytes,
            report=report,
            created_at=now,
            last_used_at=now,
            expires_at=now + timedelta(days=_days(session, tenant_id, retention_days)),
        )
        session.add(row)
        return UpscaleRecord.of(row)


def _days(session: Session, tenant_id: str, others: float) -> float:
    """Return how many days this tenant's things are kept."""
    own = session.scalars(select(Tenant.retention_days).where(Tenant.id == tenant_id)).first()
    return others if own is None else own


def forget_upscale(db: Database, object_key: str) -> None:
    """Let nobody use an upscale any more: its object is damaged or gone."""
    with db.session() as session:
        session.execute(delete(UpscaleCache).where(UpscaleCache.object_key == object_key))
