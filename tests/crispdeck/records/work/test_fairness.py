"""Whose turn it is."""

from crispdeck.queue.names import QueueName
from crispdeck.records.work.claims import claim_pictures
from crispdeck.records.work.fairness import BULK_TURN_S
from tests.crispdeck.records.world import World


def test_interactive_pictures_go_before_bulk_ones_that_came_first(world: World) -> None:
    _, bulk = world.prepared(1)
    job, _ = world.picture_job()
    [claim] = world.claim(bulk[0].row_id)
    assert claim.job_id == job.id


def test_bulk_pictures_go_by_age_whatever_the_message_names(world: World) -> None:
    first, _ = world.prepared(1)
    second, wakeups = world.prepared(1)
    [claim] = world.claim(wakeups[0].row_id)
    assert claim.job_id == first.id
    [claim] = world.claim(wakeups[0].row_id)
    assert claim.job_id == second.id


def test_the_interactive_picture_that_is_named_goes_before_older_ones(world: World) -> None:
    world.picture_job()
    second, wakeups = world.picture_job()
    [claim] = world.claim(wakeups[0].row_id)
    assert claim.job_id == second.id


def test_bulk_gets_one_turn_a_minute_under_an_interactive_flood(world: World) -> None:
    world.prepared(10)
    order = []
    for _ in range(8):
        _, wakeups = world.picture_job()
        [claim] = world.claim(wakeups[0].row_id)
        order.append(claim.queue.value[0])
        world.clock.forward(seconds=BULK_TURN_S / 3)
    assert "".join(order) == "iiibiibi"


def test_a_worker_gets_only_from_the_queues_that_it_serves(world: World) -> None:
    world.prepared(1)
    claims = claim_pictures(
        world.db,
        worker="w",
        picture_id="",
        limit=5,
        max_px=10**9,
        lease_s=9,
        queues=[QueueName.INTERACTIVE],
    )
    assert claims == []
