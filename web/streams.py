"""Server-sent events of one job (WHATWG HTML, 9.2): resumable, with a pulse and an end."""

import time
from collections.abc import Iterator

from crispdeck.records.database import Database
from crispdeck.records.work.values import EventRecord
from web.schemas.jobs import EventOut
from web.waiting import LAST_EVENT_PAUSE_S, LAST_PAUSE_S, pauses, read_events

HEARTBEAT_S = 15.0  # well below the 60 s after which proxies close a silent connection
LIFE_S = 300.0
"""A stream ends after this; the client comes back with Last-Event-ID."""


def stream_events(db: Database, tenant_id: str, job_id: str, after: int) -> Iterator[str]:
    """Yield the events behind `after` as they come, until the job ends."""
    ends_at = time.monotonic() + LIFE_S
    beat_at = time.monotonic() + HEARTBEAT_S
    yield "retry: 1000\n\n"
    pause = pauses(LAST_PAUSE_S, LAST_EVENT_PAUSE_S)
    while time.monotonic() < ends_at:
        events, ended = read_events(db, tenant_id, job_id, after)
        for event in events:
            after = event.seq
            yield as_text(event)
        if ended:
            yield "event: end\ndata: {}\n\n"
            return
        if events:
            pause = pauses(LAST_PAUSE_S, LAST_EVENT_PAUSE_S)
            beat_at = time.monotonic() + HEARTBEAT_S
        elif time.monotonic() >= beat_at:
            yield ": still here\n\n"
            beat_at = time.monotonic() + HEARTBEAT_S
        time.sleep(next(pause))


def as_text(event: EventRecord) -> str:
    """Write one event; JSON holds no line break that would end it early."""
    data = EventOut.of(event).model_dump_json()
    return f"id: {event.seq}\nevent: {event.kind.value}\ndata: {data}\n\n"
