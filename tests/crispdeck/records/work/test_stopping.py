"""A worker that stops gives back what its processes hold, and nothing that is another's."""

import pytest

from crispdeck.errors import LostClaimError
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import claim_job, finish_picture
from crispdeck.records.work.heartbeats import beat, workers
from crispdeck.records.work.stopping import count_held, give_back_all
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from tests.crispdeck.records.world import LEASE_S, World

DONE = PictureOutcome(state=PictureState.DONE, result_key="t/upscales/1", result_format="png")


def claimed(world: World, worker: str) -> PictureClaim:
    (claim,) = world.claim(limit=1, worker=worker)
    return claim


def test_what_a_stopping_worker_holds_is_others_at_once_and_no_attempt(world: World) -> None:
    job, _ = world.prepared(3)
    claims = [claimed(world, name) for name in ("up@a:1", "up@a:2", "up@ab:1")]
    for name in ("up@a:1", "up@ab:1"):
        beat(world.db, name, queues=[], doing={})
    assert count_held(world.db, "up@a") == 2
    assert give_back_all(world.db, "up@a") == [
        WakeUp(TaskName.UPSCALE, QueueName.BULK, claim.id) for claim in claims[:2]
    ]
    assert count_held(world.db, "up@a") == 0
    assert [(row.state, row.attempts) for row in world.pictures(job)] == [
        (PictureState.QUEUED, 0),
        (PictureState.QUEUED, 0),
        (PictureState.RUNNING, 1),
    ]
    assert [one.worker for one in workers(world.db)] == ["up@ab:1"]
    after = world.job(job)
    assert (after.pictures_queued, after.pictures_running) == (2, 1)
    with pytest.raises(LostClaimError):
        finish_picture(world.db, claims[0], DONE)
    assert claimed(world, "up@ab:1").id == claims[0].id
    assert give_back_all(world.db, "up@a") == []


def test_a_deck_in_work_is_given_back_too(world: World) -> None:
    job = world.deck_job()
    claim_job(world.db, worker="cpu@a:7", job_id=job.id, stage=Stage.PREPARE, lease_s=LEASE_S)
    assert count_held(world.db, "cpu@a") == 1
    assert give_back_all(world.db, "cpu@a") == [WakeUp(TaskName.PREPARE, QueueName.CPU, job.id)]
    assert count_held(world.db, "cpu@a") == 0
    assert world.claimed(job) is not None
