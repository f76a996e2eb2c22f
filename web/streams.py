"""Server-sent events (WHATWG HTML, 9.2): resumable, with a pulse and an end.

What a stream follows says what is new; who serves the stream says when to look (`web.serving`).
Under any other WSGI server `as_text` looks by itself and holds its thread.
"""

import time
from collections.abc import Iterator
from typing import Protocol

from flask import Response, request

from crispdeck.records.database import Database
from crispdeck.records.work.values import EventRecord
from web.engine import engine
from web.schemas.jobs import EventOut
from web.waiting import (
    EVENTS_AT_ONCE,
    FOLLOWED,
    LAST_EVENT_PAUSE_S,
    LAST_PAUSE_S,
    Topic,
    pauses,
    read_events,
)

HEARTBEAT_S = 15.0  # well below the 60 s after which proxies close a silent connection
LIFE_S = 300.0
"""A stream ends after this; the client comes back with Last-Event-ID."""
PULSE = ": still here\n\n"
BEGIN = "retry: 1000\n\n"


class Followed(Protocol):
    """Something that is followed by a stream."""

    topic: Topic
    is_behind: bool
    """The last news were not all that there was: the rest is to be had at once."""

    def news(self) -> tuple[list[str], bool]:
        """Return what is new since the last time, as events, and whether that was the end."""


class FollowedJob:
    """The events of a job behind the one numbered `after`."""

    def __init__(self, db: Database, tenant_id: str, job_id: str, after: int) -> None:
        self.topic = Topic("job", job_id)
        self.is_behind = False
        self._db = db
        self._tenant_id = tenant_id
        self._after = after

    def news(self) -> tuple[list[str], bool]:
        """Return the events as they came."""
        events, ended = read_events(self._db, self._tenant_id, self.topic.id, self._after)
        if events:
            self._after = events[-1].seq
        self.is_behind = len(events) >= EVENTS_AT_ONCE
        told = [event_text(event) for event in events]
        return ([*told, "event: end\ndata: {}\n\n"] if ended else told), ended


def stream(followed: Followed, tenant_id: str) -> Response:
    """Answer with a stream; each tenant has so many.

    Raises:
        LimitReachedError: the tenant has too many.
    """
    slots = engine().streams
    slots.take(tenant_id)
    request.environ[FOLLOWED] = followed
    response = Response(as_text(followed), mimetype="text/event-stream")
    response.call_on_close(lambda: slots.give_back(tenant_id))
    response.headers["Cache-Control"] = "private, no-store, no-transform"
    # nginx would hold the events back until its buffer is full.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def as_text(followed: Followed) -> Iterator[str]:
    """Yield what is new as it comes, until the end or the end of the stream's life."""
    ends_at = time.monotonic() + LIFE_S
    beat_at = time.monotonic() + HEARTBEAT_S
    yield BEGIN
    pause = pauses(LAST_PAUSE_S, LAST_EVENT_PAUSE_S)
    while time.monotonic() < ends_at:
        news, ended = followed.news()
        yield from news
        if ended:
            return
        if news:
            pause = pauses(LAST_PAUSE_S, LAST_EVENT_PAUSE_S)
            beat_at = time.monotonic() + HEARTBEAT_S
        elif time.monotonic() >= beat_at:
            yield PULSE
            beat_at = time.monotonic() + HEARTBEAT_S
        if not followed.is_behind:
            time.sleep(next(pause))


def event_text(event: EventRecord) -> str:
    """Write one event; JSON holds no line break that would end it early."""
    data = EventOut.of(event).model_dump_json()
    return f"id: {event.seq}\nevent: {event.kind.value}\ndata: {data}\n\n"
