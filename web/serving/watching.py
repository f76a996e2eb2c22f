"""Finds out for everybody who waits what has changed: a few queries, however many wait."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from crispdeck.errors import CrispdeckError
from crispdeck.records.database import Database
from crispdeck.records.work.change_detection import batch_marks, events_since, last_event
from web.waiting import Topic

EAGER_PAUSE_S = 0.015
"""Between two looks while somebody looks at the clock: a small picture takes some 50 ms."""
PAUSE_S = 0.25  # between two reads while nobody looks at the clock; a guess
AWAY_PAUSE_S = 2.0
"""While the database is away."""
SHARE = 4.0
"""A look that takes long is followed by a pause of so many times its length."""
OVERLAP = 200
"""Events may become visible in another order than that of their numbers."""
MOST_EVENTS = 5_000  # read at a time: what a thousand pictures write within a pause; a guess


class Watch:
    """One who waits for one topic."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Say that something has changed."""
        self._changed.set()

    async def change(self, within_s: float) -> bool:
        """Say when something has changed since the last time; False after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), max(0.0, within_s))
        changed = self._changed.is_set()
        self._changed.clear()
        return changed


class Watcher:
    """Watches the topics of all who wait, while anybody does. Lives in one event loop.

    Args:
        db: the records.
        threads: where queries are made.
    """

    def __init__(self, db: Database, threads: Executor) -> None:
        self._db = db
        self._threads = threads
        self._watches: dict[tuple[str, str], set[Watch]] = defaultdict(set)
        self._eager = 0
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def watch(self, topic: Topic) -> Watch:
        """Begin to watch; whoever does looks once more, for what happened before."""
        found = Watch(topic)
        self._watches[topic.kind, topic.id].add(found)
        if topic.eager:
            self._eager += 1
            self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        return found

    def end(self, watch: Watch) -> None:
        """Watch no more."""
        key = watch.topic.kind, watch.topic.id
        self._watches[key].discard(watch)
        if not self._watches[key]:
            del self._watches[key]
        if watch.topic.eager:
            self._eager -= 1

    def wake_all(self) -> None:
        """Let everybody look: the server is about to end."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake()

    async def _run(self) -> None:
        seen: set[int] = set()
        low = -1
        marks: dict[str, tuple[Any, ...]] = {}
        while self._watches:
            began = time.monotonic()
            pause_s = EAGER_PAUSE_S if self._eager else PAUSE_S
            try:
                if low < 0:
                    low = await self._ask(last_event, self._db)
                    self.wake_all()
                found = await self._ask(_events_since, self._db, max(0, low - OVERLAP))
                new = [(seq, job) for seq, job in found if seq > low or seq not in seen]
                seen = {seq for seq, _job in found[-2 * OVERLAP :]} | {low}
                low = max([low, *(seq for seq, _job in found)])
                for _seq, job in new:
                    self._wake("job", job)
                marks = await self._look_at_batches(marks)
            except CrispdeckError:
                pause_s = AWAY_PAUSE_S
            await self._pause(max(pause_s, SHARE * (time.monotonic() - began)))

    async def _look_at_batches(
        self, known: dict[str, tuple[Any, ...]]
    ) -> dict[str, tuple[Any, ...]]:
        ids = [topic_id for kind, topic_id in self._watches if kind == "batch"]
        if not ids:
            return {}
        found: dict[str, tuple[Any, ...]] = await self._ask(batch_marks, self._db, ids)
        for batch_id, mark in found.items():
            # Also at the first look: what changed since whoever waits has read it is in no mark.
            if known.get(batch_id) != mark:
                self._wake("batch", batch_id)
        return found

    def _wake(self, kind: str, topic_id: str) -> None:
        for watch in self._watches.get((kind, topic_id), ()):
            watch.wake()

    async def _pause(self, pause_s: float) -> None:
        self._hurry.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), pause_s)

    async def _ask(self, question: Callable[..., Any], *values: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, question, *values)


def _events_since(db: Database, seq: int) -> list[tuple[int, str]]:
    return list(events_since(db, seq, most=MOST_EVENTS))
