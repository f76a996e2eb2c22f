"""Log-ins of operators: rows that expire, and a door that closes after too many failures."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from crispdeck.errors import CrispdeckError, LimitReachedError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.operators import check_password
from crispdeck.records.people.values import OperatorRecord, SessionRecord
from crispdeck.records.roles import Role
from crispdeck.records.tables import FailedLogin, Operator, OperatorSession

LIVES = timedelta(hours=12)
"""A session ends after this, however busy it is."""
IDLE = timedelta(hours=1)
"""A session ends after this without any request; a page that is left open asks all the time."""
SEEN_NOTED_EVERY = timedelta(minutes=1)
"""A row that is written with every request would be too much."""

WINDOW = timedelta(minutes=15)
"""How long a failed log-in counts; a guess, as the three limits below."""
MOST_PER_NAME_AND_ADDRESS = 5  # failures of one name from one address
MOST_PER_ADDRESS = 20  # failures from one address: an office behind one may mistype more often
MOST_PER_NAME = 100
"""Far more than the others: whoever knows a name must not lock its owner out."""


@dataclass(frozen=True)
class Opened:
    """A new session, in the only moment that its token is known."""

    token: str
    operator: OperatorRecord


@dataclass(frozen=True)
class SessionOperator:
    """Who is behind a valid token."""

    operator_id: str
    name: str
    role: Role
    csrf: str
    token_sha256: str
    expires_at: datetime


def log_in(db: Database, name: str, password: str, *, address: str) -> Opened | None:
    """Open a session for whoever knows the password; None if it does not fit.

    Raises:
        LimitReachedError: too many failures from this address or for this name.
    """
    # PostgreSQL cannot even be asked for a NUL.
    name, address = name.replace("\x00", "").strip()[:100], address[:64]
    found = prove(db, name, password, address=address)
    return None if found is None else open_session(db, found, address=address)


def prove(db: Database, name: str, password: str, *, address: str) -> OperatorRecord | None:
    """Return whose name and password these are; None if they do not fit.

    An attempt counts as failed from its begin, before the slow hash, so that many at once are no
    more than one after the other; one that succeeds is taken back.

    Raises:
        LimitReachedError: too many failures from this address or for this name.
    """
    attempt_id = _count_attempt(db, name, address)
    try:
        found = check_password(db, name, password)
    except CrispdeckError:
        # The password was not compared: that many log in at once is no fault of this operator.
        _take_back(db, attempt_id)
        raise
    if found is not None:
        _take_back(db, attempt_id)
    return found


def _take_back(db: Database, attempt_id: str) -> None:
    with db.session() as session:
        session.execute(delete(FailedLogin).where(FailedLogin.id == attempt_id))


def open_session(db: Database, operator: OperatorRecord, *, address: str) -> Opened:
    """Open a session for an operator who has proved who it is."""
    token = secrets.token_urlsafe(32)
    with db.session() as session:
        now = db.now(session)
        # House-cleaning where it is due anyway: there is no timer for so few rows.
        session.execute(delete(OperatorSession).where(OperatorSession.expires_at <= now))
        session.execute(delete(FailedLogin).where(FailedLogin.at <= now - WINDOW))
        session.execute(
            delete(FailedLogin).where(
                FailedLogin.name == operator.name, FailedLogin.address == address
            )
        )
        session.get_one(Operator, operator.id).last_login_at = now
        session.add(
            OperatorSession(
                # The token itself is only in the cookie: whoever reads the database cannot log in
                # with it.
                token_sha256=_hash(token),
                operator_id=operator.id,
                csrf=secrets.token_urlsafe(32),
                address=address[:64],
                created_at=now,
                seen_at=now,
                expires_at=now + LIVES,
            )
        )
    return Opened(token, operator)


def find_session(db: Database, token: str) -> SessionOperator | None:
    """Return who is behind a token; None if the session is unknown, has expired or slept."""
    with db.reading() as session:
        now = db.now(session)
        row = session.get(OperatorSession, _hash(token))
        if row is None or row.expires_at <= now or row.seen_at <= now - IDLE:
            return None
        operator = session.get_one(Operator, row.operator_id)
        if operator.disabled_at is not None:
            return None
        session_operator = SessionOperator(
            operator.id, operator.name, operator.role, row.csrf, row.token_sha256, row.expires_at
        )
        # Noted outside: the reading transaction holds no lock that others wait for.
        noted = row.seen_at
    if now - noted >= SEEN_NOTED_EVERY:
        _note_seen(db, session_operator.token_sha256, now)
    return session_operator


def end_session(db: Database, token_sha256: str) -> None:
    """Log out. Again is no error."""
    with db.session() as session:
        session.execute(delete(OperatorSession).where(OperatorSession.token_sha256 == token_sha256))


def end_other_sessions(db: Database, session_operator: SessionOperator) -> None:
    """Log an operator out everywhere else."""
    with db.session() as session:
        others = (
            OperatorSession.operator_id == session_operator.operator_id,
            OperatorSession.token_sha256 != session_operator.token_sha256,
        )
        session.execute(delete(OperatorSession).where(*others))


def list_sessions(db: Database, operator_id: str) -> list[SessionRecord]:
    """List an operator's sessions, newest first."""
    with db.reading() as session:
        query = select(OperatorSession).where(
            OperatorSession.operator_id == operator_id,
            OperatorSession.expires_at > db.now(session),
        )
        rows = session.scalars(query.order_by(OperatorSession.created_at.desc()))
        return [SessionRecord.of(row) for row in rows]


def _count_attempt(db: Database, name: str, address: str) -> str:
    """Note an attempt, one at a time, unless there were too many."""
    by_name, by_address = FailedLogin.name == name, FailedLogin.address == address
    with db.session() as session:
        db.lock(session)
        now = db.now(session)
        recent = FailedLogin.at > now - WINDOW
        for most, conditions in (
            (MOST_PER_NAME_AND_ADDRESS, (by_name, by_address)),
            (MOST_PER_ADDRESS, (by_address,)),
            (MOST_PER_NAME, (by_name,)),
        ):
            failures = select(func.count()).select_from(FailedLogin).where(recent, *conditions)
            if session.scalars(failures).one() >= most:
                raise LimitReachedError(
                    "Too many log-ins failed. Wait a quarter of an hour, or ask another"
                    " administrator for a new password.",
                    retry_after_s=int(WINDOW.total_seconds()),
                )
        row = FailedLogin(id=new_id(), name=name, address=address, at=now)
        session.add(row)
        return row.id


def _note_seen(db: Database, token_sha256: str, now: datetime) -> None:
    with db.session() as session:
        row = session.get(OperatorSession, token_sha256)
        if row is not None:
            row.seen_at = now


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
