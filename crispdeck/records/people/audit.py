"""Who did what as an administrator."""

from typing import Any

from sqlalchemy import select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.pagination import page_of
from crispdeck.records.people.values import AuditRecord
from crispdeck.records.rows import Page
from crispdeck.records.tables import Audit

_ACTIONS = select(Audit.action).distinct()


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


def audit_actions(db: Database) -> list[str]:
    """List the kinds of actions that were ever done: what stands before the point."""
    with db.reading() as session:
        return sorted({word.partition(".")[0] for word in session.scalars(_ACTIONS)})


def list_audit(
    db: Database,
    *,
    after: str | None = None,
    limit: int = 50,
    tenant_id: str | None = None,
    action: str = "",
    text: str = "",
) -> Page[AuditRecord]:
    """List actions, newest first, on one tenant's things or on all.

    Args:
        action: how the action begins, such as `job.` or `key.issue`.
        text: a part of who did it, or of what it was done to.
    """
    with db.reading() as session:
        query = select(Audit)
        if tenant_id is not None:
            query = query.where(Audit.tenant_id == tenant_id)
        if action:
            query = query.where(Audit.action.startswith(action, autoescape=True))
        if text:
            who, what = (
                column.icontains(text, autoescape=True) for column in (Audit.actor, Audit.target)
            )
            query = query.where(who | what)
        return page_of(session, query, Audit.id, after, limit, AuditRecord)
