"""Numbers over all rows."""

from crispdeck.queue.names import QueueName
from crispdeck.records.figures.totals import figures
from crispdeck.records.work.sweep import sweep
from tests.crispdeck.records.world import World


def test_the_oldest_of_a_queue_is_the_age_of_the_work_however_often_it_was_announced(
    world: World,
) -> None:
    world.prepared(1)
    world.deck_job()
    for _ in range(10):
        world.clock.forward(seconds=60)
        sweep(world.db, stale_queued_s=30, max_attempts=3)
    oldest = figures(world.db).oldest_wait_s
    assert (oldest[QueueName.BULK], oldest[QueueName.CPU]) == (600, 600)
