"""A window of the last hour, day or week."""

from datetime import timedelta

from crispdeck.records.figures.history import Window, history
from tests.crispdeck.records.world import World


def test_a_window_ends_now_and_is_cut_evenly(world: World) -> None:
    found = history(world.db, Window.DAY)
    steps = {b - a for a, b in zip(found.begins_at, found.begins_at[1:], strict=False)}
    assert (len(found.begins_at), steps) == (96, {timedelta(minutes=15)})
    assert found.begins_at[-1] <= world.clock.now < found.begins_at[-1] + timedelta(minutes=15)
