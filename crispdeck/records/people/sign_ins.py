"""People whom an OpenID Connect issuer vouches for: each has one key that connects task panes.

The secret of that key is thrown away: it stands for the person in the list of keys. A code that is
made in its name ends with it, and whoever revokes it shuts the person out.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from crispdeck.errors import ForbiddenError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import Caller, Scope, issue_key
from crispdeck.records.people.tenants import lock_tenant
from crispdeck.records.tables import ApiKey

LONGEST_NAME = 120  # characters; with what stands around it within the column of keys
SUBJECT_DIGITS = 16
"""Of the hash of who it is: names can be chosen at the issuer, and must not open another's door."""


def sign_in(db: Database, tenant_id: str, subject: str, name: str, *, days: float) -> Caller:
    """Let a person in for so many days from now.

    Args:
        subject: `<issuer> <sub>`, which never changes hands.
        name: what people read in the list of keys.

    Raises:
        ForbiddenError: the person's key was revoked here.
        NotFoundError: there is no such tenant.
    """
    digits = hashlib.sha256(subject.encode()).hexdigest()[:SUBJECT_DIGITS]
    mark = f"#{digits}"
    with db.session() as session:
        lock_tenant(session, tenant_id)
        until = db.now(session) + timedelta(days=days)
        query = select(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.name.endswith(mark))
        rows = list(session.scalars(query))
        if any(row.revoked_at is not None for row in rows):
            raise ForbiddenError(f"{name} is not let in here. Ask whoever runs this server.")
        for row in rows:
            row.expires_at = until
        known = rows[0].id if rows else None
    if known is None:
        full_name = f"Sign-in of {name[:LONGEST_NAME]} {mark}"
        known = issue_key(db, tenant_id, [Scope.CONNECT], full_name, expires_at=until).id
    return Caller(tenant_id, known, frozenset({Scope.CONNECT}))
