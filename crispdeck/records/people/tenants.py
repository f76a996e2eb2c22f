"""Tenants and what each of them uses; keys are crispdeck.records.people.keys' part."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crispdeck.errors import LimitReachedError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.states import OPEN_JOB_STATES, UploadState
from crispdeck.records.tables import (
    ApiKey,
    Deck,
    DerivedFile,
    Job,
    Original,
    Picture,
    Tenant,
    Upload,
    UpscaleCache,
)

KEPT = {
    Deck.tenant_id: Deck.size_bytes,
    Job.tenant_id: Job.result_bytes,
    Picture.tenant_id: Picture.source_bytes,
    UpscaleCache.tenant_id: UpscaleCache.size_bytes,
    Original.tenant_id: Original.size_bytes,
    DerivedFile.tenant_id: DerivedFile.size_bytes,
}
"""Whose it is and how large, of all rows that have an object in the store."""


FIRST_TENANT = "default"
"""Its name, where nobody named one."""


def create_tenant(db: Database, name: str) -> str:
    """Add a tenant and return its id."""
    with db.session() as session:
        tenant = Tenant(id=new_id(), name=name, created_at=db.now(session))
        session.add(tenant)
        return tenant.id


def tenant_names(db: Database) -> dict[str, str]:
    """Return the names of all tenants by id, oldest first."""
    with db.reading() as session:
        return {row.id: row.name for row in session.scalars(select(Tenant).order_by(Tenant.id))}


def tenants_called(db: Database, name: str) -> list[str]:
    """Return the ids of the tenants of this name or id, oldest first; two may have one name."""
    with db.reading() as session:
        query = select(Tenant.id).where((Tenant.name == name) | (Tenant.id == name))
        return list(session.scalars(query.order_by(Tenant.id)))


def tenant_called(db: Database, name: str) -> str | None:
    """Return the id of the tenant of this name or id; None if there is none, or several."""
    found = tenants_called(db, name)
    return found[0] if len(found) == 1 else None


def stored_bytes(db: Database, tenant_id: str) -> int:
    """Sum up what the tenant keeps in the object store."""
    with db.reading() as session:
        return count_stored_bytes(session, tenant_id)


def count_stored_bytes(session: Session, tenant_id: str) -> int:
    """Sum up all that lies in the store for the tenant, and decks that are on their way."""
    sums = [select(func.sum(size)).where(owner == tenant_id) for owner, size in KEPT.items()]
    sums.append(
        select(func.sum(Upload.size_bytes)).where(
            Upload.tenant_id == tenant_id, Upload.state == UploadState.RECEIVING
        )
    )
    return sum(int(session.scalars(query).one() or 0) for query in sums)


def check_space(session: Session, tenant_id: str, more_bytes: int, max_stored_bytes: int) -> None:
    """Refuse what would bring a locked tenant over what it may keep (0: no limit).

    Raises:
        LimitReachedError: it would.
    """
    kept_bytes = count_stored_bytes(session, tenant_id)
    if max_stored_bytes and kept_bytes + more_bytes > max_stored_bytes:
        raise LimitReachedError(
            f"This deck would bring what you keep to {kept_bytes + more_bytes:,} bytes; "
            f"{max_stored_bytes:,} are allowed. Delete some decks.",
            retry_after_s=3600,
        )


def stored_by_tenant(session: Session) -> dict[str, int]:
    """Sum up the same for every tenant at once, from the indexes alone."""
    kept: Counter[str] = Counter()
    for owner, size in KEPT.items():
        for tenant_id, size_bytes in session.execute(select(owner, func.sum(size)).group_by(owner)):
            kept[tenant_id] += int(size_bytes or 0)
    receiving = select(Upload.tenant_id, func.sum(Upload.size_bytes)).where(
        Upload.state == UploadState.RECEIVING
    )
    for tenant_id, size_bytes in session.execute(receiving.group_by(Upload.tenant_id)):
        kept[tenant_id] += int(size_bytes or 0)
    return dict(kept)


@dataclass(frozen=True, kw_only=True)
class TenantUse:
    """A tenant and what it uses now."""

    id: str
    name: str
    created_at: datetime
    stored_bytes: int
    decks: int
    open_jobs: int
    keys: int
    """Those that are valid."""
    has_own_limits: bool


def tenant_uses(db: Database) -> list[TenantUse]:
    """Look at all tenants, oldest first."""
    with db.reading() as session:
        now = db.now(session)
        stored = stored_by_tenant(session)
        decks = _by_tenant(session, Deck.tenant_id)  # a deleted one is gone within seconds
        jobs = _by_tenant(session, Job.tenant_id, Job.state.in_(OPEN_JOB_STATES))
        valid = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
        keys = _by_tenant(session, ApiKey.tenant_id, ApiKey.revoked_at.is_(None), valid)
        return [
            TenantUse(
                id=row.id,
                name=row.name,
                created_at=row.created_at,
                stored_bytes=stored.get(row.id, 0),
                decks=decks.get(row.id, 0),
                open_jobs=jobs.get(row.id, 0),
                keys=keys.get(row.id, 0),
                has_own_limits=any(
                    value is not None
                    for value in (
                        row.max_open_jobs,
                        row.max_storage_bytes,
                        row.requests_per_minute,
                        row.retention_days,
                    )
                ),
            )
            for row in session.scalars(select(Tenant).order_by(Tenant.id))
        ]


def _by_tenant(
    session: Session, owner: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    query = select(owner, func.count()).where(*conditions).group_by(owner)
    return {tenant_id: found for tenant_id, found in session.execute(query)}  # noqa: C416 - rows


def lock_tenant(session: Session, tenant_id: str) -> Tenant:
    """Let one request at a time check this tenant's limits. Raises NotFoundError."""
    tenant = session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    if tenant is None:
        raise NotFoundError(f"There is no tenant {tenant_id}.")
    return tenant
