"""The sweep step: make up for lost workers and messages, delete what is due; safe to run twice."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from crispdeck.records.figures.last_runs import HOUSE_CLEANING, SWEEP, is_due, note_run
from crispdeck.records.figures.tally import tally
from crispdeck.records.shelf.expiry import due_for_deletion, forget, forget_old_rows, unknown_keys
from crispdeck.records.work.deliveries import due_webhooks, forget_old_deliveries
from crispdeck.records.work.drains import forget_old_drains
from crispdeck.records.work.sweep import sweep as sweep_rows
from crispdeck.records.work.waiting_decks import start_waiting
from crispdeck.services.worker_platform import WorkerPlatform

logger = logging.getLogger(__name__)

STRAY_AFTER = timedelta(hours=1)
"""An object without a row is in work for minutes at most: no task may run for longer than ten."""

HOUSE_CLEANING_INTERVAL = timedelta(hours=1)
"""How often all objects are listed, which takes a request per thousand of them."""

LISTED_AT_ONCE = 500
"""Keys that one question to the database names; SQLite takes at most 999 parameters."""


def sweep(platform: WorkerPlatform) -> None:
    """Take back what silent workers hold, announce what waits, delete what has expired."""
    settings = platform.settings
    began = time.monotonic()
    tally(platform.db)  # before anything is deleted: figures outlive the rows
    wakeups = sweep_rows(
        platform.db,
        stale_queued_s=settings.stale_queued_s,
        max_attempts=settings.max_attempts,
        depths=platform.queue.depths(),
    )
    wakeups += start_waiting(platform.db, settings)
    wakeups += due_webhooks(platform.db)
    platform.announce(wakeups)
    due = due_for_deletion(platform.db)
    for doomed in due:
        platform.store.delete(doomed.keys)
        forget(platform.db, [doomed])
    if is_due(platform.db, HOUSE_CLEANING, every=HOUSE_CLEANING_INTERVAL):
        clean_house(platform)
    took_s = round(time.monotonic() - began, 3)
    note_run(
        platform.db,
        SWEEP,
        worker=platform.worker,
        took_s=took_s,
        announced=len(wakeups),
        deleted=len(due),
    )


def clean_house(platform: WorkerPlatform) -> None:
    """Do what need not be done in every sweep: forget old traces, delete what no row knows."""
    forget_old_rows(platform.db)
    forget_old_drains(platform.db)
    forget_old_deliveries(platform.db)
    strays = delete_strays(platform)
    note_run(platform.db, HOUSE_CLEANING, worker=platform.worker, strays=strays)


def delete_strays(platform: WorkerPlatform, *, stray_after: timedelta = STRAY_AFTER) -> int:
    """Delete objects that no row knows: a worker was killed between writing one and its row.

    Objects that were never complete go as well.

    Returns:
        How many there were without a row.
    """
    old = datetime.now(UTC) - stray_after
    platform.store.forget_unfinished(old)
    keys = (found.key for found in platform.store.list() if found.modified_at < old)
    strays = 0
    for some in _portions(keys):
        unknown = unknown_keys(platform.db, some)
        platform.store.delete(unknown)
        strays += len(unknown)
    if strays:
        logger.info("deleted %s objects that no row knows", strays)
    return strays


def _portions(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while some := list(islice(keys, LISTED_AT_ONCE)):
        yield some
