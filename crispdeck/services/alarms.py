"""What is wrong with this installation right now, for the operators' overview."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from crispdeck.queue.names import SHOWN_QUEUES, QueueName
from crispdeck.records.figures.last_runs import SWEEP, get_mark, list_away
from crispdeck.records.figures.repeats import repeated_rows
from crispdeck.records.figures.totals import Figures
from crispdeck.records.figures.workers import Crew, WorkerStatus
from crispdeck.records.work.queue_pauses import list_pauses
from crispdeck.services.platform import Platform
from crispdeck.settings import Settings
from crispdeck.words import alarms as words

LATE_AFTER = 6
"""So many missed sweeps are worth a word."""
FREE_SHARE = 0.05
"""Of the disk; below it, and below `FREE_BYTES`, it counts as nearly full. A guess."""
FREE_BYTES = 20 * 10**9
"""Free bytes: a large disk may be used to 99 % in peace. Half of it is a hundred large decks."""
SHOWN_WORKERS = 3  # with another version, named; a guess

TAKING = frozenset({WorkerStatus.WORKING, WorkerStatus.IDLE})


@dataclass(frozen=True)
class Alarm:
    """Something that is wrong.

    Attributes:
        code: stable; one of a kind may come several times, with other words.
        sentence: what is wrong.
        way_out: what to do about it.
        page: where to look: jobs, workers, system or a job's id.
    """

    code: str
    sentence: str
    way_out: str
    page: str


def alarms(platform: Platform, now: Figures, crew: Crew) -> list[Alarm]:
    """Look at everything that can be wrong; the worst first."""
    return [
        *_away(platform),
        *_untaken(platform, now, crew),
        *_sweeper(platform, crew),
        *_disk(platform.settings),
        *_repeated(platform),
        *_old_workers(crew),
    ]


def is_late(at: datetime | None, settings: Settings) -> bool:
    """Say if the sweep that ran at this time should have been followed by others."""
    if at is None:
        return True
    return (datetime.now(UTC) - at).total_seconds() > LATE_AFTER * settings.sweep_interval_s


def _away(platform: Platform) -> Iterator[Alarm]:
    for mark in list_away(platform.db):
        yield Alarm(mark.name, *words.away_words(mark.data["sentence"]), "system")
    if platform.queue.depths() is None:
        yield Alarm("broker_away", *words.broker_away_words(), "system")


def _untaken(platform: Platform, now: Figures, crew: Crew) -> Iterator[Alarm]:
    paused = list_pauses(platform.db)
    for queue in SHOWN_QUEUES:
        waiting = now.waiting[queue]
        if queue in paused:
            said = words.paused_words(queue.value, waiting, paused[queue].actor)
            yield Alarm("queue_paused", *said, "overview")
        elif waiting and not _is_taken(queue, crew):
            yield Alarm("nobody_takes", *words.nobody_takes_words(queue.value, waiting), "workers")


def _is_taken(queue: QueueName, crew: Crew) -> bool:
    return any(
        member.status in TAKING and queue.value in member.record.queues for member in crew.members
    )


def _sweeper(platform: Platform, crew: Crew) -> Iterator[Alarm]:
    mark = get_mark(platform.db, SWEEP)
    at = None if mark is None else mark.at
    # A new installation has neither workers nor sweeps, and nothing is wrong with it.
    if is_late(at, platform.settings) and (mark is not None or crew.living):
        silent_s = None if at is None else (datetime.now(UTC) - at).total_seconds()
        yield Alarm("sweeper_silent", *words.sweeper_words(silent_s), "system")


def _disk(settings: Settings) -> Iterator[Alarm]:
    """Look at the data folder's disk, where anything is kept there."""
    if settings.storage_url and settings.database_url:
        return
    found = shutil.disk_usage(settings.data_dir)
    share = found.free / found.total
    if share < FREE_SHARE and found.free < FREE_BYTES:
        yield Alarm("disk_nearly_full", *words.disk_words(found.free, share), "system")


def _repeated(platform: Platform) -> Iterator[Alarm]:
    found = repeated_rows(platform.db)
    if found:
        said = words.repeated_words(len(found), found[0].attempts)
        yield Alarm("fails_again", *said, found[0].job_id)


def _old_workers(crew: Crew) -> Iterator[Alarm]:
    ours, seen = version("crispdeck"), set()
    for member in crew.members:
        theirs = (member.record.doing.get("versions") or {}).get("crispdeck")
        if theirs is None or theirs == ours:
            continue
        if member.status is not WorkerStatus.GONE and member.node not in seen:
            seen.add(member.node)
            if len(seen) <= SHOWN_WORKERS:
                said = words.old_worker_words(member.node, theirs, ours)
                yield Alarm("old_worker", *said, "workers")
