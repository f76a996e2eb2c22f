"""The tables behind the operators' pages: accounts, drained workers, figures over time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.queue.names import QueueName
from crispdeck.records.tables import ID, SHA256, Table, words


class Role(StrEnum):
    """What an operator may do; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    """Look at everything but secrets."""
    OPERATOR = "operator"
    """Cancel, retry and delete jobs; drain and resume workers."""
    ADMIN = "admin"
    """Make tenants, keys, limits and operators."""

    def covers(self, needed: "Role") -> bool:
        """Say if this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


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


class Drain(Table):
    """A worker that must take nothing new, by its node: it outlives the worker's processes."""

    __tablename__ = "drain"

    node: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))


class Mark(Table):
    """When something that goes on for ever last happened, and what came of it."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class Tally(Table):
    """What ended within a minute, a quarter or an hour in one queue; outlives the rows it counts.

    In the queue `cpu` whole deck jobs are counted, in the others pictures.
    """

    __tablename__ = "tally"

    span_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    queue: Mapped[QueueName] = mapped_column(primary_key=True)
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    output_px: Mapped[int] = mapped_column(BigInteger, default=0)
    wait_bins: Mapped[dict[str, Any]]
    """How many waited how long, by the bins of crispdeck.records.figures.histogram."""
    run_bins: Mapped[dict[str, Any]]
    waiting: Mapped[int] = mapped_column(default=0)
    """The most rows that a sweep saw waiting."""
    oldest_wait_s: Mapped[float] = mapped_column(default=0.0)
