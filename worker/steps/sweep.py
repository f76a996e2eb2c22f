"""The sweep step: make up for lost workers and messages, delete what is due; safe to run twice."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from crispdeck.records.figures.last_runs import note_sweep
from crispdeck.records.figures.tally import tally
from crispdeck.records.shelf.retention import (
    due_for_deletion,
    forget,
    forget_old_traces,
    unknown_keys,
)
from crispdeck.records.work.drains import forget_old_drains
from crispdeck.records.work.sweep import sweep as sweep_rows
from crispdeck.records.work.waiting_decks import start_waiting
from worker.context import Context

logger = logging.getLogger(__name__)

STRAY_AFTER = timedelta(hours=1)
"""An object without a row is in work for minutes at most: no task may run for longer than ten."""

LISTED_AT_ONCE = 500


def sweep(context: Context) -> None:
    """Take back what silent workers hold, announce what waits, delete what has expired."""
    settings = context.settings
    began = time.monotonic()
    tally(context.db)  # before anything is deleted: figures outlive the rows
    wakeups = sweep_rows(
        context.db,
        stale_queued_s=settings.stale_queued_s,
        max_attempts=settings.max_attempts,
        depths=context.queue.depths(),
    )
    wakeups += start_waiting(context.db, settings)
    context.announce(wakeups)
    due = due_for_deletion(context.db)
    for doomed in due:
        context.store.delete(doomed.keys)
        forget(context.db, [doomed])
    if context.is_time_for_house_cleaning():
        forget_old_traces(context.db)
        forget_old_drains(context.db)
        delete_strays(context)
    took_s = round(time.monotonic() - began, 3)
    note_sweep(
        context.db,
        worker=context.worker,
        took_s=took_s,
        announced=len(wakeups),
        deleted=len(due),
    )


def delete_strays(context: Context, *, stray_after: timedelta = STRAY_AFTER) -> int:
    """Delete objects that no row knows: a worker was killed between writing one and its row.

    Objects that were never complete go as well.

    Returns:
        How many there were without a row.
    """
    old = datetime.now(UTC) - stray_after
    context.store.forget_unfinished(old)
    keys = (found.key for found in context.store.list() if found.modified_at < old)
    strays = 0
    for some in _portions(keys):
        unknown = unknown_keys(context.db, some)
        context.store.delete(unknown)
        strays += len(unknown)
    if strays:
        logger.info("deleted %s objects that no row knows", strays)
    return strays


def _portions(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while some := list(islice(keys, LISTED_AT_ONCE)):
        yield some
