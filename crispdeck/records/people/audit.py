"""Who did what as an administrator."""

from typing import Any

from sqlalchemy import select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.pagination import page_of
from crispdeck.records.people.values import AuditRecord
from crispdeck.records.rows import Page
from crispdeck.records.tables import Audit


def record(
    db: Database,
    *,
    actor: str,
    action: str,
    target: str,
    data: dict[str, Any] | None = None,
    tenant_id: str | None = None,
) -> None:
    """Note an action.

    Args:
        actor: the id of the key that was used, or the name of a program.
        action: a word such as `deck.delete`.
        target: the id of what it was done to.
        tenant_id: whose that is.
    """
    with db.session() as session:
        row = Audit(
            id=new_id(),
            at=db.now(session),
            tenant_id=tenant_id,
            actor=actor,
            action=action,
            target=target,
            data=data or {},
        )
        session.add(row)


def list_audit(
    db: Database, *, after: str | None = None, limit: int = 50, tenant_id: str | None = None
) -> Page[AuditRecord]:
    """List actions, newest first, on one tenant's things or on all."""
    with db.reading() as session:
        query = select(Audit)
        if tenant_id is not None:
            query = query.where(Audit.tenant_id == tenant_id)
        return page_of(session, query, Audit.id, after, limit, AuditRecord)
