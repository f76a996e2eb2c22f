"""Links that open one thing without a key, for some minutes: signed by the key that asked for them.

A link holds what it opens, until when, and whose key vouches for it; the signature is an HMAC under
the hash of that key's secret, which the records keep and nobody else has. So a link needs no row,
and it ends with its key.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import Caller
from crispdeck.records.tables import ApiKey

SEPARATOR = "."


@dataclass(frozen=True)
class Link:
    """What a link says, and the text that says it."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """What a good link opens: words of whoever made it, for the tenant of its key."""

    tenant_id: str
    subject: str


def sign_link(db: Database, caller: Caller, subject: str, *, lives: timedelta) -> Link:
    """Sign that whoever holds the link may have `subject`, as the caller may."""
    with db.reading() as session:
        expires_at = db.now(session) + lives
        key = session.get_one(ApiKey, caller.key_id)
        text = SEPARATOR.join((key.id, str(int(expires_at.timestamp())), subject))
        signature = _signature(key, text)
    packed = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return Link(f"{packed}{SEPARATOR}{signature}", expires_at)


def open_link(db: Database, token: str) -> Opened:
    """Return what a link opens.

    Raises:
        NotFoundError: nobody here signed it, or its key was revoked or has ended.
        GoneError: its time is over.
    """
    packed, _, signature = token.partition(SEPARATOR)
    try:
        text = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
        key_id, expires_s, subject = text.split(SEPARATOR, 2)
        expires_at = datetime.fromtimestamp(int(expires_s), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotFoundError("There is nothing under this link.") from error
    with db.reading() as session:
        now = db.now(session)
        key = session.get(ApiKey, key_id)
        if key is None or not hmac.compare_digest(_signature(key, text), signature):
            raise NotFoundError("There is nothing under this link.")
        if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            raise NotFoundError("There is nothing under this link.")
        if expires_at <= now:
            raise GoneError("This link has ended. Ask for it again where you got it.")
        return Opened(key.tenant_id, subject)


def _signature(key: ApiKey, text: str) -> str:
    return hmac.new(bytes.fromhex(key.secret_sha256), text.encode(), hashlib.sha256).hexdigest()
