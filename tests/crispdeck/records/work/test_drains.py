"""A drained worker claims nothing; the rows are the truth, whatever its messages say."""

from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import claim_job, finish_picture
from crispdeck.records.work.drains import (
    drain,
    forget_old_drains,
    is_drained,
    list_drains,
    node_of,
    resume,
)
from crispdeck.records.work.heartbeats import beat
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

WORKER = "upscale@host:17"


def test_the_node_is_the_worker_without_its_process() -> None:
    assert node_of("upscale@host:17") == "upscale@host"
    assert node_of("w") == "w"


def test_a_drained_worker_gets_no_picture_and_a_resumed_one_does(world: World) -> None:
    _, (wakeup, *_) = world.prepared(2)
    drain(world.db, "upscale@host", actor="me")
    assert world.claim(wakeup.row_id, worker=WORKER) == []
    assert len(world.claim(wakeup.row_id, worker="other@host:18")) == 1
    resume(world.db, "upscale@host")
    assert len(world.claim(worker=WORKER)) == 1


def test_a_drained_worker_gets_no_deck(world: World) -> None:
    job = world.deck_job()
    drain(world.db, "cpu@host", actor="me")
    asked = {"job_id": job.id, "stage": Stage.PREPARE, "lease_s": LEASE_S}
    assert claim_job(world.db, worker="cpu@host:1", **asked) is None  # type: ignore[arg-type]
    assert claim_job(world.db, worker="cpu@else:1", **asked) is not None  # type: ignore[arg-type]


def test_a_new_process_of_a_drained_worker_is_drained_too(world: World) -> None:
    _, (wakeup, *_) = world.prepared(1)
    drain(world.db, "upscale@host", actor="me")
    assert world.claim(wakeup.row_id, worker="upscale@host:99") == []


def test_what_a_worker_has_in_hand_it_may_finish(world: World) -> None:
    job, (wakeup, *_) = world.prepared(1)
    [claim] = world.claim(wakeup.row_id, worker=WORKER)
    drain(world.db, "upscale@host", actor="me")
    finish_picture(world.db, claim, PictureOutcome(state=PictureState.SKIPPED, code="x"))
    assert world.picture(job, claim.id).state is PictureState.SKIPPED


def test_draining_twice_keeps_who_was_first(world: World) -> None:
    drain(world.db, "n", actor="first")
    drain(world.db, "n", actor="second")
    assert list_drains(world.db)["n"].actor == "first"
    assert is_drained(world.db, "n")
    resume(world.db, "n")
    resume(world.db, "n")
    assert not is_drained(world.db, "n")


def test_a_drain_outlives_its_worker_by_a_day(world: World) -> None:
    for node in ("pod-1", "here"):
        drain(world.db, node, actor="me")
    world.clock.forward(days=2)
    beat(world.db, "here:1", queues=[], doing={})
    forget_old_drains(world.db)
    assert set(list_drains(world.db)) == {"here"}
