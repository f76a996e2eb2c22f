"""Tell other programs what has ended: signed by the Standard Webhooks specification, and retried.

The signature is the HMAC-SHA256 of id, time and body. The id stays the same over all attempts, so
that a receiver can tell a repeat; it must refuse a time that is minutes away.
"""

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from crispdeck.records.people.webhooks import SECRET_MARK
from crispdeck.records.work.deliveries import DeliveryClaim, claim_delivery, end_delivery
from crispdeck.services.outbound import Answered, networks_of, post
from crispdeck.services.platform import Platform

LEASE_S = 60.0
"""Six times the longest request: who has not ended by then is dead."""
RUN_S = 20.0
"""So long one message works on an address: sweeps wait in the same queue."""

Post = Callable[..., Answered]


def deliver(platform: Platform, webhook_id: str, send: Post = post) -> None:
    """Send what is due to an address, the oldest first, and stop at the first failure.

    What is left is announced by the next sweep: an address that is away costs one attempt each
    time, however much waits for it.
    """
    allowed = networks_of(platform.settings.webhook_networks)
    end_s = time.monotonic() + RUN_S
    while time.monotonic() < end_s:
        claim = claim_delivery(platform.db, webhook_id, lease_s=LEASE_S)
        if claim is None:
            return
        body = body_of(claim)
        answered = send(
            claim.url, body, headers_of(claim, body, datetime.now(UTC)), allowed=allowed
        )
        end_delivery(
            platform.db,
            claim,
            status=answered.status,
            code=answered.code,
            took_ms=answered.took_ms,
            jitter=random.uniform(0.75, 1.25),  # noqa: S311 - spreads, protects nothing
        )
        if answered.code is not None:
            return


def body_of(claim: DeliveryClaim) -> bytes:
    """Give the bytes that are sent, the same at each attempt."""
    document = {
        "type": claim.event,
        "timestamp": claim.created_at.isoformat(),
        "data": claim.data,
    }
    return json.dumps(document, sort_keys=True).encode()


def headers_of(claim: DeliveryClaim, body: bytes, now: datetime) -> dict[str, str]:
    """Sign the bytes for now."""
    seconds = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Crispdeck",
        "webhook-id": claim.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(claim.secret, claim.id, seconds, body),
    }


def sign(secret: str, delivery_id: str, seconds: int, body: bytes) -> str:
    """Return `v1,` and the base64 of the HMAC-SHA256 over `id.time.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    message = f"{delivery_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
