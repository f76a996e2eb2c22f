"""Lets many processes claim and end pictures as fast as they can, in the new way and the old."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.synchronize import Barrier

from sqlalchemy import text

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import claim_pictures, finish_pictures
from crispdeck.records.work.values import PictureOutcome
from worker.lab.bench.claims import old_way
from worker.lab.bench.claims.backlog import fill

LEASE_S = 600.0
"""Longer than a race, so that nothing is taken back during one."""

DONE = PictureOutcome(
    state=PictureState.DONE, result_key="t/upscales/x", result_format="png", report={}
)


class Way(StrEnum):
    """How pictures are claimed and ended."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class Race:
    """What came of one race."""

    way: Way
    claimers: int
    limit: int
    pictures: int
    seconds: float
    claim_ms: list[float]

    @property
    def rate(self) -> float:
        """Pictures claimed and ended in a second, by all claimers together."""
        return self.pictures / self.seconds

    def quantile_ms(self, share: float) -> float:
        """Return how long the claims took; the last one too, which may outlast the race."""
        if len(self.claim_ms) < 2:
            return max(self.claim_ms, default=float("nan"))
        return statistics.quantiles(self.claim_ms, n=100)[round(share * 100) - 1]


def races(
    url: str, *, claimers: list[int], limit: int, seconds: float, pictures: int
) -> Iterator[Race]:
    """Race each number of claimers in the old way and the new, one after the other."""
    db = Database(url)
    db.migrate()
    try:
        for number in claimers:
            for way in Way:
                fill(db, tenants=10, jobs=5, pictures=max(1, pictures // 50))
                _use_indexes(db, way)
                yield race(url, way, claimers=number, limit=limit, seconds=seconds)
    finally:
        _use_indexes(db, Way.NEW)
        db.dispose()


def race(url: str, way: Way, *, claimers: int, limit: int, seconds: float) -> Race:
    """Let processes claim and end pictures for some seconds."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(claimers + 1)
    answers = context.SimpleQueue()
    processes = [
        context.Process(
            target=_claimer, args=(url, way, f"racer@{n}:1", limit, seconds, gate, answers.put)
        )
        for n in range(claimers)
    ]
    for process in processes:
        process.start()
    gate.wait()
    found = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    return Race(
        way=way,
        claimers=claimers,
        limit=limit,
        pictures=sum(done for done, _, _ in found),
        seconds=max(took for _, took, _ in found),
        claim_ms=[ms for _, _, times in found for ms in times],
    )


def _claimer(
    url: str,
    way: Way,
    worker: str,
    limit: int,
    seconds: float,
    gate: Barrier,
    answer: Callable[[tuple[int, float, list[float]]], None],
) -> None:
    db = Database(url, pool_size=1)
    turn = _old_turn if way is Way.OLD else _new_turn
    db.ping()  # connected before the race begins
    gate.wait()
    began = time.perf_counter()
    done, times = 0, []
    while time.perf_counter() - began < seconds:
        ended, claim_s = turn(db, worker, limit)
        if not ended:
            break
        done += ended
        times.append(claim_s * 1000)
    answer((done, time.perf_counter() - began, times))


def _old_turn(db: Database, worker: str, limit: int) -> tuple[int, float]:
    began = time.perf_counter()
    claims = old_way.claim_pictures(db, worker=worker, limit=limit, lease_s=LEASE_S)
    claim_s = time.perf_counter() - began
    for claim in claims:
        old_way.finish_picture(db, claim, PictureState.DONE)
    return len(claims), claim_s


def _new_turn(db: Database, worker: str, limit: int) -> tuple[int, float]:
    began = time.perf_counter()
    claims = claim_pictures(
        db,
        worker=worker,
        picture_id="",
        limit=limit,
        max_px=10**9,
        lease_s=LEASE_S,
        queues=[QueueName.BULK],
    )
    claim_s = time.perf_counter() - began
    finish_pictures(db, [(claim, DONE) for claim in claims])
    return len(claims), claim_s


def _use_indexes(db: Database, way: Way) -> None:
    """Give the old way the index that it had."""
    make = "CREATE INDEX IF NOT EXISTS old_way ON picture (state, queue, bucket, id)"
    with db.session() as session:
        session.execute(text(make if way is Way.OLD else "DROP INDEX IF EXISTS old_way"))
