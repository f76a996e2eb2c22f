"""Times single claims with very many pictures waiting, spread over few tenants and over many."""

import statistics
import time
from collections.abc import Iterator

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.work.claims import claim_pictures
from worker.lab.bench.claims.backlog import fill
from worker.lab.bench.claims.racing import LEASE_S

CLAIMS = 200  # single ones timed for each shape: enough for a 95th percentile
SHAPES = ((10, 100), (1000, 10), (1, 1))
"""Tenants, and jobs of each: many of both, very many tenants, and one job alone."""


def at_depth(url: str, *, pictures: int) -> Iterator[str]:
    """Claim one picture at a time from queues of that depth, by one process."""
    yield "| tenants | jobs each | pictures that wait | claim p50 | p95 |"
    yield "|---:|---:|---:|---:|---:|"
    db = Database(url, pool_size=1)
    db.migrate()
    for tenants, jobs in SHAPES:
        waiting = fill(db, tenants=tenants, jobs=jobs, pictures=pictures // (tenants * jobs))
        times = []
        for _ in range(CLAIMS):
            began = time.perf_counter()
            claim_pictures(
                db,
                worker="w@deep:1",
                picture_id="",
                limit=1,
                max_px=10**9,
                lease_s=LEASE_S,
                queues=[QueueName.BULK],
            )
            times.append((time.perf_counter() - began) * 1000)
        cut = statistics.quantiles(times, n=100)
        yield f"| {tenants} | {jobs} | {waiting} | {cut[49]:.1f} ms | {cut[94]:.1f} ms |"
    db.dispose()
