"""How much one caller may ask for: requests per minute, open jobs, bytes kept, open streams."""

import threading
import time
from collections import Counter

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from crispdeck.errors import LimitReachedError
from crispdeck.settings import Settings

_NAME = "crispdeck_limiter"
STREAMS_PER_TENANT = 100  # event streams; see below
WAITS_PER_TENANT = 100
"""Long polls and requests that prefer to wait. Both cost some 20 KB each and no thread; one tenant
must not use up what all have."""
OPEN_AT_ONCE = 5_000
"""Streams, and waits, of one process; each is a connection, of which a process has ten thousand."""
UNCOUNTED = frozenset({"system.healthz", "system.readyz", "system.metrics"})


def _who() -> str:
    """Count per key; callers without one by their address."""
    found = g.get("caller")
    return f"key:{found.key_id}" if found else f"address:{get_remote_address()}"


def _most(settings: Settings) -> int:
    """Return how many requests a minute may have: the tenant's own number, or the setting."""
    found = g.get("caller")
    own = found.requests_per_minute if found else None
    return settings.requests_per_minute if own is None else int(own)


def make_limiter(settings: Settings) -> Limiter:
    """Make the limiter: counts in Redis where there is one, else in this process."""
    with_redis = settings.broker_url.startswith(("redis://", "rediss://"))
    return Limiter(
        _who,
        application_limits=[lambda: f"{_most(settings)} per minute"],
        headers_enabled=False,
        storage_uri=settings.broker_url if with_redis else "memory://",
        # A dead Redis must not close the door: each process then counts for itself.
        in_memory_fallback_enabled=with_redis,
        strategy="fixed-window",
        key_prefix="crispdeck",
    )


def remaining() -> tuple[int, int, int] | None:
    """Return (limit, remaining, seconds to reset) of this request; None without a limit."""
    limiter: Limiter = current_app.extensions[_NAME]
    window = limiter.current_limit
    if window is None:
        return None
    # The store rounds the end of a window up, by which a minute could seem to have 61 seconds.
    left_s = min(window.reset_at - time.time(), window.limit.get_expiry())
    reset_s = max(0, round(left_s))
    return int(window.limit.amount), max(0, int(window.remaining)), reset_s


def _report(response: Response) -> Response:
    counts = remaining()
    if counts is not None:
        limit, left, reset_s = counts
        response.headers["RateLimit-Limit"] = str(limit)
        response.headers["RateLimit-Remaining"] = str(left)
        response.headers["RateLimit-Reset"] = str(reset_s)
        if response.status_code == 429 and left == 0:
            response.headers["Retry-After"] = str(max(1, reset_s))
    return response


def register(app: Flask, settings: Settings) -> None:
    """Count every request but those of probes and of static files."""
    limiter = make_limiter(settings)
    limiter.request_filter(lambda: request.endpoint in UNCOUNTED)
    limiter.request_filter(lambda: _most(settings) <= 0)
    # An operator's page of many pictures is one look; whoever has no session is counted.
    limiter.request_filter(lambda: g.get("session_operator") is not None)
    limiter.init_app(app)
    app.extensions[_NAME] = limiter
    app.after_request(_report)


class Slots:
    """What is open in this process for long, per tenant and for all.

    Args:
        most: of one tenant.
        name: of what is counted, for people.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, tenant_id: str) -> None:
        """Take a slot.

        Raises:
            LimitReachedError: all of the tenant's slots are taken, or all that there are.
        """
        # Threads of one process: the limit is on its threads, so it need not be shared.
        with self._lock:
            if self._open[tenant_id] >= self._most:
                raise LimitReachedError(
                    f"At most {self._most} {self._name} at once.", retry_after_s=10
                )
            if self._open.total() >= OPEN_AT_ONCE:
                raise LimitReachedError(
                    f"This server has too many {self._name} open. Try again soon.",
                    retry_after_s=10,
                )
            self._open[tenant_id] += 1

    def give_back(self, tenant_id: str) -> None:
        """Free a slot."""
        with self._lock:
            self._open[tenant_id] -= 1
            if not self._open[tenant_id]:
                del self._open[tenant_id]
