"""Waiting for rows to change, by which a request takes a thread only while it reads them.

A view says what it waits for, and how to read it. Served by `web.serving`, it then leaves its
thread (`Waiting` is raised), is checked again when something has changed, and answered at last.
Under any other WSGI server, the test client among them, the thread waits.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from flask import Response, g, request

from crispdeck.records.database import Database
from crispdeck.records.work.events import events_after
from crispdeck.records.work.job import get_job
from crispdeck.records.work.values import EventRecord
from web.engine import engine

T = TypeVar("T")

FIRST_PAUSE_S = 0.005
"""A small picture takes some 50 ms: slower polling would be felt."""
LAST_PAUSE_S = 0.015  # between reads while somebody waits: below a frame of a screen (60 Hz)
LAST_EVENT_PAUSE_S = 0.5  # the same while nothing happens to a job that is followed
EVENTS_AT_ONCE = 200  # in one answer; a guess

CAN_LEAVE = "crispdeck.can_leave"
"""In a request's environ: who serves it takes `Waiting` and calls again."""
FOLLOWED = "crispdeck.followed"
"""There too: what an event stream follows."""


@dataclass(frozen=True)
class Topic:
    """What is watched: a job or a batch."""

    kind: str
    id: str
    eager: bool = False
    """Somebody looks at the clock: a change is noticed in milliseconds."""


class Waiting(BaseException):
    """A request that has nothing to say yet.

    Attributes:
        topic: what it waits for.
        until: on the clock of time.monotonic, when it is answered in any case.
        check: returns the answer, None while there is none; `True`: answer now.
        end: must be called when it is over, however.
    """

    def __init__(
        self,
        topic: Topic,
        until: float,
        check: Callable[[bool], Response | None],
        end: Callable[[], None],
    ) -> None:
        super().__init__()
        self.topic = topic
        self.until = until
        self.check = check
        self.end = end
        self.context = {name: g.get(name) for name in g}
        """What the request knows already: who calls, its id, when it began."""


def answer_when(
    topic: Topic,
    wait_s: float,
    read: Callable[[], T],
    is_over: Callable[[T], bool],
    word: Callable[[T], Response],
    *,
    tenant_id: str,
) -> Response:
    """Answer as soon as what is waited for is over, or when the time is.

    Args:
        topic: what changes before that.
        wait_s: how long to wait at most; 0: not at all.
        read: reads the rows.
        is_over: says if there is something to tell.
        word: makes the answer.
        tenant_id: whose wait it is; each tenant has so many.

    Raises:
        LimitReachedError: the tenant waits for too much at once.
        Waiting: to be checked again later.
    """
    found = read()
    if wait_s <= 0 or is_over(found):
        return word(found)
    slots = engine().waits
    slots.take(tenant_id)

    def again(now: bool) -> Response | None:
        seen = read()
        return word(seen) if now or is_over(seen) else None

    until = time.monotonic() + wait_s
    if request.environ.get(CAN_LEAVE):
        raise Waiting(topic, until, again, lambda: slots.give_back(tenant_id))
    try:
        first_s, last_s = (
            (FIRST_PAUSE_S, LAST_PAUSE_S) if topic.eager else (LAST_PAUSE_S, LAST_EVENT_PAUSE_S)
        )
        for pause_s in pauses(first_s, last_s):
            left_s = until - time.monotonic()
            time.sleep(max(0.0, min(pause_s, left_s)))
            answer = again(left_s <= pause_s)
            if answer is not None:
                return answer
        raise AssertionError  # pauses never end
    finally:
        slots.give_back(tenant_id)


def pauses(first_s: float, last_s: float) -> Iterator[float]:
    """Yield pauses that grow by a quarter, up to `last_s`."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(last_s, pause_s * 1.25)


def read_events(
    db: Database, tenant_id: str, job_id: str, after: int, limit: int = EVENTS_AT_ONCE
) -> tuple[list[EventRecord], bool]:
    """Return what came after an event, and whether nothing more will come.

    The job is read first: if it has ended by then, its last event is among those read.
    """
    job = get_job(db, tenant_id, job_id)
    events = list(events_after(db, tenant_id, job_id, after=after, limit=limit))
    return events, job.is_final and len(events) < limit
