"""A paused queue gives nothing, others go on, and what waits goes on once it is resumed."""

from crispdeck.queue.names import QueueName
from crispdeck.records.states import Stage
from crispdeck.records.work.claims import claim_job
from crispdeck.records.work.queue_pauses import list_pauses, pause_queue, resume_queue
from tests.crispdeck.records.world import LEASE_S, World


def test_a_paused_queue_gives_no_picture_and_others_go_on(world: World) -> None:
    world.prepared(2)
    world.picture_job()
    pause_queue(world.db, QueueName.BULK, actor="anna")
    (taken,) = world.claim(limit=5)
    assert taken.parts == ("ppt/media/image3.png",) or taken.queue is QueueName.INTERACTIVE
    assert world.claim(limit=5) == []
    assert list_pauses(world.db)[QueueName.BULK].actor == "anna"
    resume_queue(world.db, QueueName.BULK)
    assert len(world.claim(limit=5)) == 2


def test_a_paused_queue_of_decks_gives_no_deck(world: World) -> None:
    job = world.deck_job()
    asked = {"job_id": job.id, "stage": Stage.PREPARE, "lease_s": LEASE_S, "worker": "w"}
    pause_queue(world.db, QueueName.CPU, actor="anna")
    assert claim_job(world.db, **asked) is None  # type: ignore[arg-type]
    resume_queue(world.db, QueueName.CPU)
    assert claim_job(world.db, **asked) is not None  # type: ignore[arg-type]


def test_pausing_and_resuming_twice_is_no_error(world: World) -> None:
    for actor in ("anna", "ben"):
        pause_queue(world.db, QueueName.BULK, actor=actor)
    assert list_pauses(world.db)[QueueName.BULK].actor == "anna"
    for _ in range(2):
        resume_queue(world.db, QueueName.BULK)
    assert list_pauses(world.db) == {}
