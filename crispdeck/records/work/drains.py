"""Workers that finish what they have in hand and take nothing new, until they are resumed.

A worker is drained by its node, the Celery name that all its processes share and that outlives
them: a process that is recycled or killed comes back drained.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.tables import Drain, WorkerHeartbeat
from crispdeck.records.work.values import DrainRecord

KEPT_WITHOUT_WORKER = timedelta(days=1)  # a machine that reboots comes back within it; a guess


def node_of(worker: str) -> str:
    """Return the node of a worker process: `upscale@host` of `upscale@host:4711`."""
    return worker.rpartition(":")[0] or worker


def drain(db: Database, node: str, *, actor: str) -> None:
    """Let a node take nothing new from now on. Again is no error."""
    with db.session() as session:
        if session.get(Drain, node) is None:
            session.add(Drain(node=node, since=db.now(session), actor=actor))


def resume(db: Database, node: str) -> None:
    """Let a node work again. Again is no error."""
    with db.session() as session:
        session.execute(delete(Drain).where(Drain.node == node))


def is_drained(db: Database, node: str) -> bool:
    """Say if a node must take nothing new."""
    with db.reading() as session:
        return session.get(Drain, node) is not None


def may_claim(session: Session, worker: str) -> bool:
    """Say in a claim's own transaction if this worker process may take anything."""
    return session.get(Drain, node_of(worker)) is None


def list_drains(db: Database) -> dict[str, DrainRecord]:
    """List the drained nodes by name, those that no worker stands for included."""
    with db.reading() as session:
        rows = session.scalars(select(Drain).order_by(Drain.node))
        return {row.node: DrainRecord.of(row) for row in rows}


def forget_old_drains(db: Database) -> None:
    """Forget drains of nodes that have long gone: pods never come back under the same name."""
    with db.session() as session:
        old = Drain.since < db.now(session) - KEPT_WITHOUT_WORKER
        live = {node_of(worker) for worker in session.scalars(select(WorkerHeartbeat.worker))}
        for row in session.scalars(select(Drain).where(old)):
            if row.node not in live:
                session.delete(row)
