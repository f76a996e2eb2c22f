"""Simulates very many workers, each with a connection of its own: claim a picture, sleep, end it.

They sleep for as long as the work would take; the answer is the share of their time that is. Four
of them are threads of one process: a thousand processes would need more memory than a laptop has,
and for the database there is no difference.
"""

import gc
import math
import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from sqlalchemy import text

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.figures.totals import figures
from crispdeck.records.work.claims import claim_pictures, finish_pictures
from worker.lab.bench.claims.backlog import fill
from worker.lab.bench.claims.racing import DONE, LEASE_S

THREADS = 4
"""Simulated workers in one process."""

SPREAD = 0.6
"""Sigma of the lognormal times of work: the slowest in a hundred take four times the median."""


_Answer = tuple[int, float, float, list[float], list[float]]
"""Pictures, seconds of work, seconds in all, and ms of each claim and of each end."""


@dataclass(frozen=True)
class Simulation:
    """What many workers did."""

    workers: int
    work_s: float
    seconds: float
    pictures: int
    busy: float
    """Share of all workers' time in which they worked."""
    claim_ms: list[float]
    end_ms: list[float]
    consistent: bool
    """The counts of the jobs and the shares agree with the rows at the end."""

    def sentence(self) -> str:
        """Put it into words."""
        claim = statistics.quantiles(self.claim_ms, n=100)
        end = statistics.quantiles(self.end_ms, n=100)
        return (
            f"{self.workers} workers, {self.work_s:g} s of work on average, {self.seconds:.0f} s: "
            f"busy {100 * self.busy:.1f} %, {self.pictures / self.seconds:.0f} pictures/s, "
            f"claim p50 {claim[49]:.0f} ms, p95 {claim[94]:.0f} ms, "
            f"end p50 {end[49]:.0f} ms, p95 {end[94]:.0f} ms, "
            f"counts {'agree' if self.consistent else 'DO NOT AGREE'}"
        )


def simulate(
    url: str, *, workers: int, seconds: float, work_s: float, tenants: int = 50
) -> Simulation:
    """Let `workers` processes work for some seconds; all tenants have more than enough waiting."""
    db = Database(url, pool_size=1)
    db.migrate()
    each = math.ceil(2 * workers * (seconds + work_s) / work_s / tenants / 10) + 1
    fill(db, tenants=tenants, jobs=10, pictures=each)
    db.dispose()
    gc.collect()
    gc.freeze()  # what children never touch stays shared with them
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(workers + 1)
    answers = context.SimpleQueue()
    processes = [
        context.Process(
            target=_workers,
            args=(url, range(first, min(first + THREADS, workers)), seconds, work_s, gate, answers),
        )
        for first in range(0, workers, THREADS)
    ]
    for process in processes:
        process.start()
    gate.wait()
    found = [answers.get() for _ in range(workers)]
    for process in processes:
        process.join()
    return Simulation(
        workers=workers,
        work_s=work_s,
        seconds=seconds,
        pictures=sum(one[0] for one in found),
        busy=sum(one[1] for one in found) / sum(one[2] for one in found),
        claim_ms=[ms for one in found for ms in one[3]],
        end_ms=[ms for one in found for ms in one[4]],
        consistent=_is_consistent(url),
    )


def _workers(
    url: str,
    numbers: range,
    seconds: float,
    work_s: float,
    gate: Barrier,
    answers: "SimpleQueue[_Answer]",
) -> None:
    threads = [
        threading.Thread(target=_worker, args=(url, n, seconds, work_s, gate, answers.put))
        for n in numbers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _worker(
    url: str,
    number: int,
    seconds: float,
    work_s: float,
    gate: Barrier,
    answer: Callable[[_Answer], None],
) -> None:
    chance = random.Random(number)  # noqa: S311 - no secret
    db = Database(url, pool_size=1)
    db.ping()
    gate.wait()
    # As workers that have been at it for long: the first one takes its picture at some moment.
    time.sleep(chance.random() * work_s)
    began = time.perf_counter()
    pictures, busy_s = 0, 0.0
    claims_ms, ends_ms = [], []
    while time.perf_counter() - began < seconds:
        asked = time.perf_counter()
        claims = claim_pictures(
            db,
            worker=f"simulated@{number}:1",
            picture_id="",
            limit=1,
            max_px=10**9,
            lease_s=LEASE_S,
            queues=[QueueName.BULK],
        )
        claimed = time.perf_counter()
        claims_ms.append((claimed - asked) * 1000)
        if not claims:
            continue
        time.sleep(work_s * math.exp(chance.gauss(-(SPREAD**2) / 2, SPREAD)))
        worked = time.perf_counter()
        finish_pictures(db, [(claim, DONE) for claim in claims])
        ends_ms.append((time.perf_counter() - worked) * 1000)
        busy_s += worked - claimed
        pictures += 1
    answer((pictures, busy_s, time.perf_counter() - began, claims_ms, ends_ms))


def _is_consistent(url: str) -> bool:
    """Compare the sums with the rows, once everybody has left."""
    db = Database(url)
    with db.reading() as session:
        behind = session.scalars(text("SELECT count(*) FROM picture_change")).one()
        done = session.scalars(text("SELECT count(*) FROM picture WHERE state = 'done'")).one()
        counted = session.scalars(text("SELECT sum(pictures_done) FROM job")).one()
        queued = session.scalars(text("SELECT sum(queued) FROM share")).one()
    waiting = figures(db).waiting[QueueName.BULK]
    db.dispose()
    return bool(behind == 0 and done == counted and queued == waiting)
