"""When something that goes on for ever last happened."""

from datetime import timedelta

from crispdeck.records.figures.last_runs import (
    AWAY_SHOWN,
    SWEEP,
    get_mark,
    is_due,
    list_away,
    note_away,
    note_run,
)
from tests.crispdeck.records.world import World


def test_what_never_ran_is_due(world: World) -> None:
    assert get_mark(world.db, SWEEP) is None
    assert is_due(world.db, SWEEP, every=timedelta(days=1))


def test_a_run_is_due_again_after_its_time(world: World) -> None:
    note_run(world.db, SWEEP, announced=3)
    assert not is_due(world.db, SWEEP, every=timedelta(seconds=10))
    world.clock.forward(seconds=10)
    assert is_due(world.db, SWEEP, every=timedelta(seconds=10))


def test_the_last_run_takes_the_place_of_the_one_before(world: World) -> None:
    note_run(world.db, SWEEP, announced=3)
    world.clock.forward(seconds=5)
    note_run(world.db, SWEEP, announced=0)
    mark = get_mark(world.db, SWEEP)
    assert mark is not None
    assert (mark.at, mark.data) == (world.clock.now, {"announced": 0})


def test_what_was_away_is_listed_for_some_minutes_latest_first(world: World) -> None:
    note_away(world.db, "storage_unavailable", "The object store does not answer.")
    world.clock.forward(seconds=60)
    note_away(world.db, "queue_unavailable", "The broker does not answer.")
    assert [one.name for one in list_away(world.db)] == [
        "away.queue_unavailable",
        "away.storage_unavailable",
    ]
    world.clock.forward(seconds=AWAY_SHOWN.total_seconds() - 30)
    assert [one.name for one in list_away(world.db)] == ["away.queue_unavailable"]
