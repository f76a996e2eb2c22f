"""Logs as one JSON object a line, in all programs alike, with the ids of what is worked on.

What belongs to one piece of work is found by its ids: the web server names the job that a request
made beside the request's id, and workers name job, deck, picture and tenant in all that they tell
of them.
"""

import contextvars
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

_ids: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar("ids")


@contextmanager
def about(**ids: str | None) -> Iterator[None]:
    """Put these ids into every line that is written within the block."""
    known = {**_ids.get({}), **{name: one for name, one in ids.items() if one}}
    token = _ids.set(known)
    try:
        yield
    finally:
        _ids.reset(token)


class JsonLines(logging.Formatter):
    """Writes a record as JSON; a message that is JSON itself becomes members of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **_ids.get({}),
            **_members(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def write_json_lines(level: str) -> None:
    """Let this process log to standard error in JSON, whoever has set up what before."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _members(message: str) -> dict[str, Any]:
    if message.startswith("{"):
        try:
            found = json.loads(message)
        except ValueError:
            return {"message": message}
        if isinstance(found, dict):
            return found
    return {"message": message}
