"""Ids that sort by the time they were made; no database."""

import secrets
import time
from datetime import datetime


def new_id() -> str:
    """Make 32 hex digits: nanoseconds since 1970, then 64 random bits.

    The ids that one process makes sort in the order it made them, so that rows keep the order
    they were given. They are valid in object keys, file names and URLs without escaping.
    """
    return f"{time.time_ns():016x}{secrets.token_hex(8)}"


def first_id_at(at: datetime) -> str:
    """Return what sorts before every id made at or after `at`, and behind all made earlier."""
    return f"{max(0, int(at.timestamp() * 1e9)):016x}"
