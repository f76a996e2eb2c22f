"""Counts what ends, by minute, quarter and hour: figures of a week are quick and outlive the rows.

The sweep counts; nothing in the way of a picture waits for it. Minutes that are over are counted
once from the rows; what came after them is counted when somebody asks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crispdeck.queue.names import SHOWN_QUEUES, QueueName
from crispdeck.records.database import Database
from crispdeck.records.figures.histogram import Bins, add_json, bin_of, to_json
from crispdeck.records.figures.last_runs import TALLY, set_mark
from crispdeck.records.figures.totals import count_waiting
from crispdeck.records.states import FINAL_JOB_STATES, FINAL_PICTURE_STATES, JobKind
from crispdeck.records.tables import Job, Mark, Picture, Tally

MINUTE = timedelta(minutes=1)  # the finest span that is counted
QUARTER = timedelta(minutes=15)  # the points of the curve of a day
HOUR = timedelta(hours=1)  # the points of the curve of a week
LATE = timedelta(minutes=1)
"""A transaction that ended a picture may become visible later than the time it wrote."""
MINUTES_KEPT = timedelta(hours=3)  # the hour that is shown, and time for a sweep that comes late
QUARTERS_KEPT = timedelta(hours=26)  # the day that is shown, and time for a sweep that comes late
HOURS_KEPT = timedelta(days=35)  # the month before: what operators compare with; a guess
KEPT = ((MINUTE, MINUTES_KEPT), (QUARTER, QUARTERS_KEPT), (HOUR, HOURS_KEPT))
HOURS_AT_ONCE = 48
"""After a long silence one sweep catches up by so much."""

COUNTS = ("done", "skipped", "failed", "cancelled")
Key = tuple[datetime, QueueName]


@dataclass
class Ended:
    """What ended within some time in one queue."""

    counts: Counter[str] = field(default_factory=Counter)
    output_px: int = 0
    wait_bins: Bins = field(default_factory=Counter)
    run_bins: Bins = field(default_factory=Counter)
    waiting: int = 0
    oldest_wait_s: float = 0.0

    def add(self, other: "Ended") -> None:
        """Add what ended at another time or in another queue."""
        self.counts += other.counts
        self.output_px += other.output_px
        self.wait_bins += other.wait_bins
        self.run_bins += other.run_bins
        self.waiting = max(self.waiting, other.waiting)
        self.oldest_wait_s = max(self.oldest_wait_s, other.oldest_wait_s)

    def add_row(self, row: Tally) -> None:
        """Add what a row of the table holds."""
        for name in COUNTS:
            self.counts[name] += getattr(row, name)
        self.output_px += row.output_px
        add_json(self.wait_bins, row.wait_bins)
        add_json(self.run_bins, row.run_bins)
        self.waiting = max(self.waiting, row.waiting)
        self.oldest_wait_s = max(self.oldest_wait_s, row.oldest_wait_s)


def floor_to(at: datetime, span: timedelta) -> datetime:
    """Return the beginning of the span, counted from 1970, that `at` lies in."""
    span_s = int(span.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // span_s * span_s, UTC)


def tally(db: Database) -> None:
    """Count the minutes that are over, note how much waits, and drop what is old."""
    with db.session() as session:
        db.lock(session)
        now = db.now(session)
        begin = _counted_until(session, now)
        end = min(floor_to(now - LATE, MINUTE), floor_to(begin, HOUR) + HOURS_AT_ONCE * HOUR)
        if end > begin:
            end = _count(session, begin, end, floor_to(now - MINUTES_KEPT, HOUR))
            set_mark(session, TALLY, end, {})
        _note_waiting(session, now)
        for span, kept in KEPT:
            is_old = (Tally.span_s == _seconds(span), Tally.begins_at < now - kept)
            session.execute(delete(Tally).where(*is_old))


def count_ended(
    session: Session, begin: datetime, end: datetime, span: timedelta = MINUTE
) -> dict[Key, Ended]:
    """Count from the rows what ended from `begin` on and before `end`."""
    found: dict[Key, Ended] = defaultdict(Ended)
    for at, queue, state, px, wait_s, run_s in _ends(session, begin, end):
        ended = found[floor_to(at, span), queue]
        ended.counts[state] += 1
        ended.output_px += px
        if wait_s is not None:
            ended.wait_bins[bin_of(wait_s)] += 1
        if run_s is not None and state != "cancelled":
            ended.run_bins[bin_of(run_s)] += 1
    return dict(found)


def read_tallies(
    session: Session, span: timedelta, begin: datetime, end: datetime
) -> Iterator[tuple[Key, Ended]]:
    """Give what was counted in the spans that begin within the time."""
    query = select(Tally).where(
        Tally.span_s == _seconds(span), Tally.begins_at >= begin, Tally.begins_at < end
    )
    for row in session.scalars(query):
        ended = Ended()
        ended.add_row(row)
        yield (row.begins_at, row.queue), ended


def counted_until(session: Session) -> datetime | None:
    """Return the end of what is counted in the table; None: nothing is."""
    mark = session.get(Mark, TALLY)
    return None if mark is None else mark.at


End = tuple[datetime, QueueName, str, int, float | None, float | None]
"""When, in which queue and how something ended, its new pixels, its wait and its run in s."""


def _ends(session: Session, begin: datetime, end: datetime) -> Iterator[End]:
    pictures = select(
        Picture.finished_at,
        Picture.queue,
        Picture.state,
        Picture.result_width_px * Picture.result_height_px,
        func.coalesce(Picture.queued_at, Picture.created_at),
        Picture.started_at,
    ).where(
        Picture.state.in_(FINAL_PICTURE_STATES),
        Picture.finished_at >= begin,
        Picture.finished_at < end,
    )
    for at, queue, state, px, queued_at, started_at in session.execute(pictures):
        if at is not None:
            yield at, queue, state.value, px or 0, *_times(queued_at, started_at, at)
    jobs = select(Job.finished_at, Job.state, Job.created_at, Job.started_at).where(
        Job.kind == JobKind.DECK,
        Job.state.in_(FINAL_JOB_STATES),
        Job.finished_at >= begin,
        Job.finished_at < end,
    )
    for at, job_state, created_at, started_at in session.execute(jobs):
        if at is not None:
            times = _times(created_at, started_at, at)
            yield at, QueueName.CPU, job_state.value, 0, *times


def _times(
    queued_at: datetime, started_at: datetime | None, ended_at: datetime
) -> tuple[float | None, float | None]:
    if started_at is None:
        return None, None
    return (started_at - queued_at).total_seconds(), (ended_at - started_at).total_seconds()


def _counted_until(session: Session, now: datetime) -> datetime:
    """Return where to go on; at the very first, where the oldest end within the kept time is."""
    until = counted_until(session)
    oldest_kept = floor_to(now - HOURS_KEPT, HOUR)
    if until is not None:
        return max(until, oldest_kept)
    firsts = [
        session.scalars(
            select(func.min(column)).where(state.in_(finals), column >= oldest_kept)
        ).one()
        for column, state, finals in (
            (Picture.finished_at, Picture.state, FINAL_PICTURE_STATES),
            (Job.finished_at, Job.state, FINAL_JOB_STATES),
        )
    ]
    return floor_to(min([first for first in firsts if first is not None], default=now), HOUR)


def _count(session: Session, begin: datetime, end: datetime, minutes_from: datetime) -> datetime:
    """Count from `begin` on, whole hours at once where no minutes are kept; return how far."""
    is_whole = begin == floor_to(begin, HOUR)
    if begin < minutes_from:
        end = min(end, minutes_from if is_whole else floor_to(begin, HOUR) + HOUR)
    if begin < minutes_from and is_whole:
        found = count_ended(session, begin, end, QUARTER)
        _write(session, QUARTER, found)
        _write(session, HOUR, _summed(found.items(), HOUR))
        return end
    _write(session, MINUTE, count_ended(session, begin, end))
    session.flush()
    # The spans that were touched are summed anew from their minutes, so nothing counts twice.
    for span in (QUARTER, HOUR):
        first, last = floor_to(begin, span), floor_to(end, span) + span
        _write(session, span, _summed(read_tallies(session, MINUTE, first, last), span))
    return end


def _summed(found: Iterable[tuple[Key, Ended]], span: timedelta) -> dict[Key, Ended]:
    sums: dict[Key, Ended] = defaultdict(Ended)
    for (begins_at, queue), ended in found:
        sums[floor_to(begins_at, span), queue].add(ended)
    return sums


def _write(session: Session, span: timedelta, found: Mapping[Key, Ended]) -> None:
    if not found:
        return
    times = [begins_at for begins_at, _ in found]
    known = {
        (row.begins_at, row.queue): row
        for row in session.scalars(
            select(Tally).where(
                Tally.span_s == _seconds(span),
                Tally.begins_at >= min(times),
                Tally.begins_at <= max(times),
            )
        )
    }
    for (begins_at, queue), ended in found.items():
        row = known.get((begins_at, queue)) or _new_row(session, span, begins_at, queue)
        for name in COUNTS:
            setattr(row, name, ended.counts[name])
        row.output_px = ended.output_px
        row.wait_bins, row.run_bins = to_json(ended.wait_bins), to_json(ended.run_bins)
        row.waiting = max(row.waiting, ended.waiting)
        row.oldest_wait_s = max(row.oldest_wait_s, ended.oldest_wait_s)


def _note_waiting(session: Session, now: datetime) -> None:
    counts, oldest = count_waiting(session)
    for queue in SHOWN_QUEUES:
        since = oldest.get(queue)
        age_s = 0.0 if since is None else max(0.0, (now - since).total_seconds())
        for span, _ in KEPT:
            row = _row(session, span, floor_to(now, span), queue)
            row.waiting = max(row.waiting, counts[queue])
            row.oldest_wait_s = max(row.oldest_wait_s, age_s)


def _row(session: Session, span: timedelta, begins_at: datetime, queue: QueueName) -> Tally:
    row = session.get(Tally, (_seconds(span), begins_at, queue))
    return row or _new_row(session, span, begins_at, queue)


def _new_row(session: Session, span: timedelta, begins_at: datetime, queue: QueueName) -> Tally:
    nothing: dict[str, int] = dict.fromkeys((*COUNTS, "output_px", "waiting"), 0)
    row = Tally(
        span_s=_seconds(span),
        begins_at=begins_at,
        queue=queue,
        wait_bins={},
        run_bins={},
        oldest_wait_s=0.0,
        **nothing,
    )
    session.add(row)
    return row


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def total(found: Iterable[Ended]) -> Ended:
    """Add all up."""
    result = Ended()
    for each in found:
        result.add(each)
    return result
