"""Tenants and their keys, pairings, operators and their sessions, the audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Float,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.roles import Role
from crispdeck.records.tables.base import ID, SHA256, Table, words


class Tenant(Table):
    """Who owns decks, jobs and keys; nothing is ever shared between two tenants."""

    __tablename__ = "tenant"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    # What differs from the settings for this tenant; None: as the settings say.
    max_open_jobs: Mapped[int | None]
    max_storage_bytes: Mapped[int | None] = mapped_column(BigInteger)
    requests_per_minute: Mapped[int | None]
    retention_days: Mapped[float | None]
    weight: Mapped[float | None] = mapped_column(Float)
    """Turns that its work gets for each turn of another tenant; None: 1."""


class ApiKey(Table):
    """One key of a tenant; only a hash of its secret is kept."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_sha256: Mapped[str] = mapped_column(SHA256)
    # No foreign key: SQLite could add one only by copying the table.
    parent_id: Mapped[str | None] = mapped_column(ID)
    """The key that it was paired by, and without which it is none."""
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Pairing(Table):
    """A code that an add-in may exchange for a key, once; only its hash is kept."""

    __tablename__ = "pairing"

    code_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    key_id: Mapped[str] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"))
    """Who showed the code."""
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Operator(Table):
    """A person who runs this Crispdeck; belongs to no tenant."""

    __tablename__ = "operator"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[Role] = mapped_column(words(Role))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None: logs in by OpenID Connect only."""
    subject: Mapped[str | None] = mapped_column(String(300), unique=True)
    """`<issuer> <sub>` of OpenID Connect."""
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class OperatorSession(Table):
    """One log-in of an operator, until it expires or is ended; the token itself is not kept."""

    __tablename__ = "operator_session"

    token_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    operator_id: Mapped[str] = mapped_column(
        ForeignKey("operator.id", ondelete="CASCADE"), index=True
    )
    csrf: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FailedLogin(Table):
    """A log-in that was refused; too many of them close the door for a while."""

    __tablename__ = "failed_login"
    __table_args__ = (Index(None, "address", "at"), Index(None, "name", "at"))

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Audit(Table):
    """Who did what as an administrator; outlives what it was done to."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    tenant_id: Mapped[str | None] = mapped_column(ID, index=True)
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(100))
    target: Mapped[str] = mapped_column(String(300))
    data: Mapped[dict[str, Any]]
