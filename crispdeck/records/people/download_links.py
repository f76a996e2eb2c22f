"""Addresses that a browser may open without a key for a few minutes: signed, never stored.

A key's own hash signs what its holder asked for. Who revokes the key makes its links void as well,
and nothing has to be kept, shared between servers or swept up.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from crispdeck.records.database import Database
from crispdeck.records.people.keys import Caller, caller_of
from crispdeck.records.tables import ApiKey

LIVES = timedelta(minutes=15)
"""Until a download must have begun: long enough to change over from a pane to a browser, and to log
in to a proxy there; a guess. How long it takes then does not matter."""

MARK = b"crispdeck download\n"
"""Nothing else is ever signed with a key's hash; should something be, it must not fit here."""


def sign_download(db: Database, caller: Caller, target: str) -> tuple[str, datetime]:
    """Sign an address for whoever holds it.

    Args:
        target: all that says what is downloaded, in a form of which there is one only.

    Returns:
        The signature, fit for a query, and until when it is good.
    """
    with db.reading() as session:
        expires_at = (db.now(session) + LIVES).replace(microsecond=0)
        secret = session.get_one(ApiKey, caller.key_id).secret_sha256
    seconds = int(expires_at.timestamp())
    return f"{caller.key_id}.{seconds}.{_sign(secret, seconds, target)}", expires_at


def signer_of(db: Database, signature: str, target: str) -> Caller | None:
    """Return whose key signed this address; None where it does not fit, is old or was revoked."""
    key_id, _, rest = signature.partition(".")
    expires, _, presented = rest.partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 12):
        return None
    with db.reading() as session:
        key = session.get(ApiKey, key_id)
        secret = "" if key is None else key.secret_sha256
        # An unknown key takes the same way as a wrong signature.
        fits = hmac.compare_digest(_sign(secret, int(expires), target), presented)
        now = db.now(session)
        if key is None or not fits or datetime.fromtimestamp(int(expires), UTC) <= now:
            return None
        return caller_of(session, key, now)


def _sign(secret: str, expires: int, target: str) -> str:
    message = MARK + f"{expires}\n{target}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
