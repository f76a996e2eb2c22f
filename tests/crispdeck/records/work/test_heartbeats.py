"""Which workers live."""

from crispdeck.records.work.heartbeats import beat, forget_worker, workers
from tests.crispdeck.records.world import World


def test_a_worker_shows_its_last_sign_of_life(world: World) -> None:
    beat(world.db, "gpu-1", queues=["interactive", "bulk"], doing={"state": "idle"})
    started_at = world.clock.now
    world.clock.forward(seconds=30)
    beat(world.db, "gpu-1", queues=["interactive", "bulk"], doing={"state": "busy"})
    [worker] = workers(world.db)
    assert (worker.worker, worker.queues) == ("gpu-1", ("interactive", "bulk"))
    assert worker.doing == {"state": "busy"}
    assert (worker.started_at, worker.beat_at) == (started_at, world.clock.now)


def test_a_silent_worker_is_left_out(world: World) -> None:
    beat(world.db, "old", queues=[], doing={})
    world.clock.forward(seconds=61)
    beat(world.db, "new", queues=[], doing={})
    assert [worker.worker for worker in workers(world.db)] == ["new"]
    assert len(workers(world.db, silent_s=120)) == 2


def test_a_worker_that_ended_is_forgotten(world: World) -> None:
    beat(world.db, "w", queues=[], doing={})
    forget_worker(world.db, "w")
    assert workers(world.db) == []
