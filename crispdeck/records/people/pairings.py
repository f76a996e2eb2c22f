"""Codes that a person reads from one screen and types into another to give it a key."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crispdeck.errors import PairingCodeError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import Caller, IssuedKey, Scope, is_valid, issue_key
from crispdeck.records.tables import ApiKey, Pairing

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowel, so that no code is a word, and no digit that looks like a letter."""

LENGTH = 8
"""20 to the power of 8 codes are 2.6e10; at 600 tries a minute nobody finds one in time."""

LIVES = timedelta(minutes=10)
"""How long a code may be typed in; a guess: two minutes are too few on a phone."""
GRANTS = frozenset({Scope.DECKS, Scope.PICTURES})
"""What a task pane needs."""
GRANTS_ALL = frozenset({Scope.ADMIN, Scope.CONNECT})
"""Whoever holds one of these may give all of it."""


@dataclass(frozen=True)
class PairingCode:
    """A code, in the only moment that it is known."""

    code: str
    """As people read it: BCDF-GHJK."""
    expires_at: datetime


def start_pairing(db: Database, caller: Caller) -> PairingCode:
    """Make a code that stands for a key with the caller's rights to decks and pictures.

    Raises:
        PairingCodeError: the caller has neither of these rights.
    """
    scopes = _grantable(caller.scopes)
    if not scopes:
        raise PairingCodeError(
            "This key has neither scope that the task pane needs: decks, pictures."
        )
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with db.session() as session:
        expires_at = db.now(session) + LIVES
        session.add(
            Pairing(
                code_sha256=_hash(letters),
                tenant_id=caller.tenant_id,
                key_id=caller.key_id,
                scopes=sorted(scope.value for scope in scopes),
                expires_at=expires_at,
            )
        )
    return PairingCode(f"{letters[:4]}-{letters[4:]}", expires_at)


@dataclass(frozen=True)
class Paired:
    """A key that came of a code, and who showed that."""

    issued: IssuedKey
    tenant_id: str
    maker_id: str


def finish_pairing(db: Database, code: str, name: str) -> Paired:
    """Exchange a code for a new key, which ends with its maker's; a code is good once.

    Raises:
        PairingCodeError: the code is unknown, used up or too old, or its maker's key has ended.
    """
    with db.session() as session:
        row = session.get(Pairing, _hash(_letters(code)), with_for_update=True)
        maker = None if row is None else _maker(session, row, db.now(session))
        granted = set() if row is None or maker is None else _granted(row, maker)
        # Used up by any try that names it, good or not: nobody gets a second guess at a code.
        if row is not None:
            session.delete(row)
    if maker is None or not granted:
        raise PairingCodeError("This code is unknown or no longer valid. Ask for a new one.")
    issued = issue_key(
        db,
        maker.tenant_id,
        granted,
        name.replace("\x00", ""),
        expires_at=maker.expires_at,
        # A paired key may pair: all of them hang on the first, which nobody paired.
        parent_id=maker.parent_id or maker.id,
    )
    return Paired(issued, maker.tenant_id, maker.id)


def _maker(session: Session, row: Pairing, now: datetime) -> ApiKey | None:
    """Return the key that showed a code; None where the code or the key is none any more."""
    maker = session.get(ApiKey, row.key_id)
    if row.expires_at <= now or maker is None or not is_valid(maker, now):
        return None
    return maker


def _granted(row: Pairing, maker: ApiKey) -> set[Scope]:
    """Return what the code stood for, as far as its maker may still do it."""
    held = _grantable({Scope(scope) for scope in maker.scopes})
    return {Scope(scope) for scope in row.scopes} & held


def _grantable(held: Collection[Scope]) -> frozenset[Scope]:
    return GRANTS if GRANTS_ALL & frozenset(held) else GRANTS & frozenset(held)


def _letters(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _hash(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()
