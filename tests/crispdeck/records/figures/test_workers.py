"""The workers as an operator sees them."""

from crispdeck.records.figures.workers import WorkerStatus, crew
from crispdeck.records.work.claims import claim_pictures
from crispdeck.records.work.drains import (
    drain,
)
from crispdeck.records.work.heartbeats import beat
from tests.crispdeck.records.world import LEASE_S, World

WORKER = "upscale@host:17"


def test_the_crew_tells_who_works_who_rests_and_who_is_gone(world: World) -> None:
    _, (wakeup, *_) = world.prepared(1)
    beat(world.db, "lost@host:1", queues=["bulk"], doing={})
    world.clock.forward(seconds=31)
    for worker in (WORKER, "idle@host:2", "off@host:3"):
        beat(world.db, worker, queues=["bulk"], doing={})
    [claim] = claim_pictures(
        world.db,
        worker=WORKER,
        picture_id=wakeup.row_id,
        limit=1,
        max_px=10**9,
        lease_s=LEASE_S,
    )
    drain(world.db, "off@host", actor="me")
    found = crew(world.db, gone_after_s=30)
    assert {member.node: member.status for member in found.members} == {
        "upscale@host": WorkerStatus.WORKING,
        "idle@host": WorkerStatus.IDLE,
        "off@host": WorkerStatus.DRAINED,
        "lost@host": WorkerStatus.GONE,
    }
    assert found.living == 3
    [held] = next(m for m in found.members if m.record.worker == WORKER).holds
    assert (held.what, held.job_id) == ("picture", claim.job_id)
    drain(world.db, "upscale@host", actor="me")
    again = crew(world.db, gone_after_s=30).members
    assert WorkerStatus.DRAINING in {member.status for member in again}
