"""API keys: made, shown once, found, revoked; what a scope allows is the web's part."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crispdeck.errors import NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import FIRST_TENANT, create_tenant, lock_tenant
from crispdeck.records.people.values import KeyRecord
from crispdeck.records.tables import ApiKey, Tenant

__all__ = [
    "Caller",
    "IssuedKey",
    "Scope",
    "create_tenant",
    "ensure_first_key",
    "find_key",
    "issue_key",
    "list_keys",
    "revoke_key",
]

MARK = "cd"
"""Every key starts with it, so that people and secret scanners know one when they see it."""

KEY = re.compile(MARK + "_([0-9a-f]{12})_([0-9a-f]{64})")

USE_NOTED_EVERY = timedelta(minutes=1)
"""Not every request writes a row only to say that the key was used."""


class Scope(StrEnum):
    """What a key may be used for."""

    DECKS = "decks"
    PICTURES = "pictures"
    JOBS_READ = "jobs:read"
    CONNECT = "connect"
    """Makes keys for task panes, and does nothing else: it may stand in a manifest."""
    REVIEW = "review"
    """Looks at one batch and says what it thinks of it; made by a review link alone."""
    ADMIN = "admin"


GIVEN_SCOPES = tuple(scope for scope in Scope if scope is not Scope.REVIEW)
"""What people choose from when they make a key."""


@dataclass(frozen=True)
class IssuedKey:
    """A new key, in the only moment that its secret is known."""

    id: str
    key: str


@dataclass(frozen=True)
class Caller:
    """Who a valid key belongs to."""

    tenant_id: str
    key_id: str
    scopes: frozenset[Scope]
    requests_per_minute: int | None = None
    """What is set for the tenant alone; None: as the settings say."""


def issue_key(
    db: Database,
    tenant_id: str,
    scopes: Iterable[Scope],
    name: str,
    *,
    expires_at: datetime | None = None,
    parent_id: str | None = None,
) -> IssuedKey:
    """Make a key `cd_<prefix>_<secret>`. Raises NotFoundError for an unknown tenant.

    Args:
        expires_at: when it ends.
        parent_id: the key without which this one is none.
    """
    with db.session() as session:
        lock_tenant(session, tenant_id)
        issued = _issue(session, tenant_id, scopes, name, db.now(session), expires_at)
        session.flush()
        session.get_one(ApiKey, issued.id).parent_id = parent_id
        return issued


def find_key(db: Database, presented: str) -> Caller | None:
    """Return whose key this is; None if it is unknown, revoked or expired."""
    shape = KEY.fullmatch(presented)
    if shape is None:
        return None
    prefix, secret = shape.groups()
    with db.reading() as session:
        now = db.now(session)
        row = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix)).first()
        found = None if row is None else caller_of(session, row, now)
    # An unknown prefix takes the same way as a wrong secret.
    expected = row.secret_sha256 if row is not None else _hash("")
    if not hmac.compare_digest(_hash(secret), expected) or row is None:
        return None
    if found is not None and (
        row.last_used_at is None or now - row.last_used_at >= USE_NOTED_EVERY
    ):
        _note_use(db, row.id, now)
    return found


def caller_of(session: Session, key: ApiKey, now: datetime) -> Caller | None:
    """Return who calls with a key; None if it, or the key that it was paired by, has ended."""
    if not is_valid(key, now) or not _has_parent(session, key, now):
        return None
    own = session.get_one(Tenant, key.tenant_id).requests_per_minute
    return Caller(key.tenant_id, key.id, frozenset(Scope(scope) for scope in key.scopes), own)


def is_valid(key: ApiKey, now: datetime) -> bool:
    """Say if a key by itself is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def _has_parent(session: Session, key: ApiKey, now: datetime) -> bool:
    """Say if the key that this one was paired by is still valid, where there is one."""
    if key.parent_id is None:
        return True
    parent = session.get(ApiKey, key.parent_id)
    return parent is not None and is_valid(parent, now)


def revoke_key(db: Database, tenant_id: str, key_id: str) -> None:
    """Make a key invalid from now on. Raises NotFoundError."""
    with db.session() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.tenant_id != tenant_id:
            raise NotFoundError(f"There is no key {key_id}.")
        row.revoked_at = row.revoked_at or db.now(session)


def list_keys(db: Database, tenant_id: str) -> list[KeyRecord]:
    """List a tenant's keys without their secrets, oldest first."""
    with db.reading() as session:
        query = select(ApiKey).where(ApiKey.tenant_id == tenant_id).order_by(ApiKey.id)
        return [KeyRecord.of(row) for row in session.scalars(query)]


def ensure_first_key(db: Database) -> IssuedKey | None:
    """Make a first tenant and a key with all scopes; None if there is a tenant already.

    Several processes may ask at once: one of them gets the key.
    """
    with db.session() as session:
        db.lock(session)
        if session.scalars(select(func.count()).select_from(Tenant)).one():
            return None
        now = db.now(session)
        tenant = Tenant(id=new_id(), name=FIRST_TENANT, created_at=now)
        session.add(tenant)
        session.flush()
        return _issue(session, tenant.id, GIVEN_SCOPES, "first key", now, None)


def _issue(
    session: Session,
    tenant_id: str,
    scopes: Iterable[Scope],
    name: str,
    now: datetime,
    expires_at: datetime | None,
) -> IssuedKey:
    # The prefix is for finding and showing; the secret alone opens.
    prefix, secret = secrets.token_hex(6), secrets.token_hex(32)
    row = ApiKey(
        id=new_id(),
        tenant_id=tenant_id,
        name=name,
        prefix=prefix,
        secret_sha256=_hash(secret),
        scopes=sorted(Scope(scope).value for scope in scopes),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    return IssuedKey(id=row.id, key=f"{MARK}_{prefix}_{secret}")


def _hash(secret: str) -> str:
    # A slow hash (argon2) protects secrets that people choose. This one is 256 random bits:
    # no search finds it, however fast the hash, and every request needs the hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(db: Database, key_id: str, now: datetime) -> None:
    with db.session() as session:
        session.get_one(ApiKey, key_id).last_used_at = now
