"""Ids that sort by the time they were made; no database."""

import secrets
import time


def new_id() -> str:
    """Make 32 hex digits: 48 bits of milliseconds since 1970, then 80 random bits.

    Ordered like a UUIDv7 (RFC 9562, 5.7) and as unguessable as one, but valid as an object key
    and as a file name without escaping.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
