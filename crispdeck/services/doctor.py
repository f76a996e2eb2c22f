"""Compares rows, objects and sums of a living installation, and repairs what can be repaired.

Whatever looks wrong is looked at twice: between a listing and a question somebody may have written
or deleted it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from crispdeck.errors import DamagedObjectError, NotFoundError, ObjectMissingError
from crispdeck.queue.names import WakeUp
from crispdeck.records.shelf.derived import forget_derived
from crispdeck.records.shelf.expiry import unknown_keys
from crispdeck.records.shelf.upscales import forget_upscale
from crispdeck.records.work.adding_up import add_up_jobs, recount_job
from crispdeck.records.work.checkup import (
    Holds,
    StoredRow,
    assemble_again,
    correct_shares,
    jobs_counted_wrong,
    jobs_not_added_up,
    resume,
    rows_of_silent_workers,
    stored_rows,
    stuck_jobs,
)
from crispdeck.records.work.remaking import remake_ended
from crispdeck.records.work.sweep import sweep as sweep_rows
from crispdeck.services.platform import Platform
from crispdeck.services.sweep import LISTED_AT_ONCE, STRAY_AFTER
from crispdeck.storage import read_checked

logger = logging.getLogger(__name__)


class Problem(StrEnum):
    """What can be wrong."""

    STRAY_OBJECT = "object without a row"
    MISSING_OBJECT = "row without its object"
    DAMAGED_OBJECT = "object whose bytes are not those of its row"
    SILENT_WORKER = "row held by a worker that is long gone"
    NOT_ADDED_UP = "job to whose counts changes of pictures were not added"
    WRONG_COUNTS = "job whose counts are not those of its pictures"
    STANDS_STILL = "job that did not go on though its pictures have ended"
    WRONG_SHARE = "tenant whose share of the queue was summed wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    problem: Problem
    what: str
    """Ids and keys, for people."""
    repaired: bool = False


@dataclass
class Report:
    """What a check-up has found."""

    objects: int = 0
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """True when nothing is wrong, or all of it was repaired."""
        return all(finding.repaired for finding in self.findings)

    def by_problem(self) -> dict[Problem, list[Finding]]:
        """Group what was found."""
        found: dict[Problem, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.problem].append(finding)
        return dict(found)


def examine(platform: Platform, *, repair: bool = False, quick: bool = False) -> Report:
    """Look for everything that can be wrong.

    Args:
        platform: of the installation; it may be at work meanwhile.
        repair: mend what can be mended; a deck or a source that is gone cannot.
        quick: compare sizes only, and read no object.
    """
    report = Report()
    for check in (_rows, _jobs, _objects):
        report.findings += check(platform, report, repair, quick)
    return report


def _rows(platform: Platform, _report: Report, repair: bool, _quick: bool) -> Iterator[Finding]:
    db = platform.db
    silent = rows_of_silent_workers(db)
    if silent and repair:
        most = platform.settings.max_attempts
        stale_s = platform.settings.stale_queued_s
        platform.announce(sweep_rows(db, stale_queued_s=stale_s, max_attempts=most))
    for row_id in silent:
        yield Finding(Problem.SILENT_WORKER, row_id, repair)
    behind = jobs_not_added_up(db)
    if behind and repair:
        platform.announce(add_up_jobs(db, behind))
    for job_id in behind:
        yield Finding(Problem.NOT_ADDED_UP, job_id, repair)


def _jobs(platform: Platform, _report: Report, repair: bool, _quick: bool) -> Iterator[Finding]:
    db = platform.db
    for job_id in _twice(lambda: jobs_counted_wrong(db)):
        repaired = repair and recount_job(db, job_id)
        yield Finding(Problem.WRONG_COUNTS, job_id, repaired)
    for job_id in _twice(lambda: stuck_jobs(db)):
        if repair:
            platform.announce(resume(db, job_id))
        yield Finding(Problem.STANDS_STILL, job_id, repair)
    if repair and (wrong := correct_shares(db)):
        yield Finding(Problem.WRONG_SHARE, f"{wrong} tenants", repaired=True)


def _twice(check: Callable[[], list[str]]) -> list[str]:
    """Name what is found by both of two examinations: the rest was only under way."""
    first = check()
    return [found for found in check() if found in set(first)] if first else []


def _objects(platform: Platform, report: Report, repair: bool, quick: bool) -> Iterator[Finding]:
    sizes: dict[str, int] = {}
    old = datetime.now(UTC) - STRAY_AFTER
    strays: list[str] = []
    for found in platform.store.list():
        sizes[found.key] = found.size_bytes
        if found.modified_at < old:
            strays.append(found.key)
    report.objects = len(sizes)
    yield from _strays(platform, strays, repair)
    broken: dict[str, list[StoredRow]] = defaultdict(list)
    sound: set[str] = set()
    for row in stored_rows(platform.db):
        report.rows += 1
        if row.key in sound or (row.key not in broken and _is_sound(platform, row, sizes, quick)):
            sound.add(row.key)
        else:
            broken[row.key].append(row)
    for key, rows in broken.items():
        yield from _broken(platform, key, rows, repair)


def _strays(platform: Platform, keys: list[str], repair: bool) -> Iterator[Finding]:
    for begin in range(0, len(keys), LISTED_AT_ONCE):
        unknown = unknown_keys(platform.db, keys[begin : begin + LISTED_AT_ONCE])
        if unknown and repair:
            platform.store.delete(unknown)
        for key in unknown:
            yield Finding(Problem.STRAY_OBJECT, key, repair)


def _is_sound(platform: Platform, row: StoredRow, sizes: dict[str, int], quick: bool) -> bool:
    size = sizes.get(row.key)
    if size is None:
        size = platform.store.size(row.key)  # it may have been written since the listing
    if size is None or (row.size_bytes is not None and size != row.size_bytes):
        return False
    if quick or row.sha256 is None:
        return True
    try:
        read_checked(platform.store, row.key, sha256=row.sha256, size_bytes=row.size_bytes)
    except (DamagedObjectError, ObjectMissingError):
        return False
    return True


def _broken(platform: Platform, key: str, rows: list[StoredRow], repair: bool) -> Iterator[Finding]:
    if unknown_keys(platform.db, [key]):
        return  # deleted meanwhile, row and object
    problem = Problem.MISSING_OBJECT if platform.store.size(key) is None else Problem.DAMAGED_OBJECT
    repaired = repair and _mend(platform, rows)
    names = ", ".join(f"{row.holds} {row.id}" for row in rows)
    yield Finding(problem, f"{key} ({names})", repaired)


def _mend(platform: Platform, rows: Iterable[StoredRow]) -> bool:
    """Have made again what can be made again; False where something cannot."""
    results: dict[str, list[str]] = defaultdict(list)
    wakeups: list[WakeUp] = []
    repaired = True
    for row in rows:
        if row.holds is Holds.UPSCALE:
            forget_upscale(platform.db, row.key)
        elif row.holds is Holds.DERIVED:
            forget_derived(platform.db, row.key)
        elif row.holds is Holds.RESULT and row.job_id:
            results[row.job_id].append(row.id)
        elif row.holds is Holds.ENHANCED:
            try:
                wakeups += assemble_again(platform.db, row.id)
            except NotFoundError:
                logger.info("job %s was deleted meanwhile", row.id)
        else:
            repaired = False
    for job_id, pictures in results.items():
        wakeups += remake_ended(platform.db, job_id, pictures)
    platform.announce(wakeups)
    return repaired
