"""Tenants and what each of them uses; keys are crispdeck.jobs.accounts' part."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.errors import LimitReachedError, NotFoundError
from crispdeck.jobs.batch_tables import Upload
from crispdeck.jobs.database import Database
from crispdeck.jobs.ids import new_id
from crispdeck.jobs.states import UploadState
from crispdeck.jobs.tables import Deck, Job, Original, Picture, Tenant, UpscaleCache


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


def stored_bytes(db: Database, tenant_id: str) -> int:
    """Sum up what the tenant keeps in the object store."""
    with db.reading() as session:
        return count_stored_bytes(session, tenant_id)


def count_stored_bytes(session: Session, tenant_id: str) -> int:
    """Sum up all that lies in the store for the tenant, and decks that are on their way."""
    sizes = {
        Deck.tenant_id: Deck.size_bytes,
        Job.tenant_id: Job.result_bytes,
        Picture.tenant_id: Picture.source_bytes,
        UpscaleCache.tenant_id: UpscaleCache.size_bytes,
        Original.tenant_id: Original.size_bytes,
    }
    sums = [select(func.sum(size)).where(owner == tenant_id) for owner, size in sizes.items()]
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


def lock_tenant(session: Session, tenant_id: str) -> Tenant:
    """Let one request at a time check this tenant's limits. Raises NotFoundError."""
    tenant = session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    if tenant is None:
        raise NotFoundError(f"No tenant {tenant_id}.")
    return tenant
