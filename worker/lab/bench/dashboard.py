"""Times what the operators' pages ask of the database with very many jobs in it, with the plans.

    python -m worker.lab.bench.dashboard --jobs 100000
    python -m worker.lab.bench.dashboard --database postgresql://localhost/empty --plans plans.txt

Without --database an SQLite file is made and thrown away. The database must have no tables yet,
or such as an earlier run has filled.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, Engine, event, func, select, text

from crispdeck.records.database import Database
from crispdeck.records.figures.failures import failure_groups
from crispdeck.records.figures.history import Window, history
from crispdeck.records.figures.tally import tally
from crispdeck.records.figures.totals import figures
from crispdeck.records.figures.workers import crew
from crispdeck.records.people.tenants import tenant_names, tenant_uses
from crispdeck.records.shelf.expiry import due_soon
from crispdeck.records.states import JobKind, JobState
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.job_list import JobFilter, find_job, find_jobs, picture_page
from worker.lab.bench.many_jobs import Maker, count_all

RUNS = 7  # of each query; the median is told
STATED_MS = 100
"""CPU time that each may take with 100,000 jobs."""

Query = Callable[[Database], object]


def queries(db: Database) -> dict[str, Query]:
    """Name what each page asks; middle pages and rare matches are the hard cases."""
    tenant_id = list(tenant_names(db))[-1]
    with db.reading() as session:
        jobs = session.scalars(select(func.count()).select_from(Job)).one()
        middle = session.scalars(select(Job.id).order_by(Job.id).offset(jobs // 2).limit(1)).one()
    day, week = timedelta(days=1), timedelta(days=7)

    def listed(after: str | None = None, **wanted: Any) -> Query:
        return lambda db: find_jobs(db, JobFilter(**wanted), after=after)

    return {
        "overview, counts and storage": figures,
        "overview, due within a day": due_soon,
        "overview, last hour": lambda db: history(db, Window.HOUR),
        "overview, last 24 hours": lambda db: history(db, Window.DAY),
        "overview, last 7 days": lambda db: history(db, Window.WEEK),
        "jobs, newest": listed(),
        "jobs, from the middle on": listed(after=middle),
        "jobs, failed": listed(state=JobState.FAILED),
        "jobs, queued (none)": listed(state=JobState.QUEUED),
        "jobs, of a small tenant, failed": listed(tenant_id=tenant_id, state=JobState.FAILED),
        "jobs, decks that failed (none)": listed(kind=JobKind.DECK, state=JobState.FAILED),
        "jobs, made more than a day ago": listed(older_than=day),
        "jobs, text that many decks have": listed(text="review"),
        "jobs, text that one deck has": listed(text=f"Pitch {jobs - 7}"),
        "jobs, text that none has": listed(text="no such deck"),
        "jobs, by a picture's code": listed(code="worker_lost"),
        "job, its row": lambda db: find_job(db, middle),
        "job, its pictures": lambda db: picture_page(db, middle, after="", limit=24),
        "workers": lambda db: crew(db, gone_after_s=30),
        "failures, last 24 hours": lambda db: failure_groups(db, day),
        "failures, last 7 days": lambda db: failure_groups(db, week),
        "tenants": tenant_uses,
        "sweep, its tally": tally,
    }


@contextmanager
def statements() -> Iterator[list[tuple[Connection, str, Any]]]:
    """Collect what is asked of any database while the block runs."""
    seen: list[tuple[Connection, str, Any]] = []

    def note(connection: Connection, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        seen.append((connection, sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def measure(db: Database, query: Query) -> tuple[float, float]:
    """Return the mean CPU time and the median wall time of some runs, in ms, after a warm one.

    CPU time is ours and that of our PostgreSQL process: it hardly depends on who else uses the
    machine, while wall time does.
    """
    query(db)
    times_ms = []
    cpu_began_s = cpu_s(db)
    for _ in range(RUNS):
        began = time.perf_counter()
        query(db)
        times_ms.append((time.perf_counter() - began) * 1000)
    return (cpu_s(db) - cpu_began_s) * 1000 / RUNS, statistics.median(times_ms)


def cpu_s(db: Database) -> float:
    """Return the CPU time that this thread and the database's process for it have used."""
    own_s = time.thread_time()
    if db.dialect == "sqlite":
        return own_s
    with db.reading() as session:  # one connection serves all that this thread asks in turn
        pid = session.scalars(text("SELECT pg_backend_pid()")).one()
    used = psutil.Process(pid).cpu_times()
    return own_s + used.user + used.system


def plans(db: Database, query: Query) -> str:
    """Let the database explain every SELECT that the query sends."""
    with statements() as seen:
        query(db)
    explain = "EXPLAIN QUERY PLAN" if db.dialect == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF)"
    plans = []
    for _, sql, values in seen:
        if not sql.lstrip().upper().startswith("SELECT") or "clock_timestamp" in sql:
            continue
        with db.reading() as session:
            rows = session.connection().exec_driver_sql(f"{explain} {sql}", values).all()
        plans.append("\n".join([" ".join(sql.split()), *(f"    {row[-1]}" for row in rows)]))
    return "\n".join(plans)


def fill(db: Database, jobs: int) -> None:
    """Make the jobs unless they are there."""
    db.migrate()
    with db.reading() as session:
        there = session.scalars(select(func.count()).select_from(Job)).one()
    if there < jobs:
        for _ in Maker(db).fill(jobs - there):
            pass
        count_all(db)
    if db.dialect == "postgresql":  # autovacuum does this by itself, some minutes later
        with db._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        with db.session() as session:
            session.execute(text("ANALYZE"))


def report(db: Database, plan_file: Path | None) -> bool:
    """Print a line for each query; say if all keep to the stated time."""
    with db.reading() as session:
        jobs, pictures = (
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Job, Picture)
        )
    print(f"{db.version()}: {jobs:,} jobs, {pictures:,} pictures; {RUNS} runs\n")  # noqa: T201
    print("| query | CPU | wall, median |\n|---|---:|---:|")  # noqa: T201
    kept = True
    for name, query in queries(db).items():
        cpu_ms, wall_ms = measure(db, query)
        kept &= cpu_ms <= STATED_MS
        print(f"| {name} | {cpu_ms:.1f} ms | {wall_ms:.1f} ms |", flush=True)  # noqa: T201
        if plan_file is not None:
            with plan_file.open("a") as out:
                out.write(f"== {db.dialect}: {name}\n{plans(db, query)}\n\n")
    return kept


def main() -> int:
    """Read the command line and measure; 1 where a page takes longer than is stated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=100_000, help="[100000]")
    parser.add_argument("--database", help="SQLAlchemy URL [an SQLite file for this run]")
    parser.add_argument("--plans", type=Path, help="append every statement with its plan here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Database(given.database or f"sqlite:///{folder}/records.db")
        fill(db, given.jobs)
        kept = report(db, given.plans)
        db.dispose()
    print(f"\nEvery query within {STATED_MS} ms of CPU time: {'yes' if kept else 'NO'}.")  # noqa: T201
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
