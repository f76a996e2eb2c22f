"""What the functions of this room give: keys, operators, sessions and the audit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crispdeck.records.rows import FromRow


@dataclass(frozen=True, kw_only=True)
class KeyRecord(FromRow):
    """An API key without its secret."""

    id: str
    tenant_id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OperatorRecord(FromRow):
    """An operator without the password."""

    id: str
    name: str
    role: str
    subject: str | None
    created_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SessionRecord(FromRow):
    """A log-in of an operator."""

    token_sha256: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditRecord(FromRow):
    """Who did what as an administrator."""

    id: str
    at: datetime
    tenant_id: str | None
    actor: str
    action: str
    target: str
    data: dict[str, Any]
