"""Figures over time: counted once, never twice, and still there when the rows are gone."""

import pytest
from sqlalchemy import delete

from crispdeck.queue.names import QueueName
from crispdeck.records.figures.history import Times, Window, failure_share, history
from crispdeck.records.figures.tally import tally
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Job
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import World

BULK = QueueName.BULK


def end_pictures(world: World, count: int, *, wait_s: float, run_s: float, failed: int = 0) -> None:
    """Let pictures wait and run for so long, then end; all but some are done, 400 × 200 px."""
    world.prepared(count)
    world.clock.forward(seconds=wait_s)
    claims = world.claim(limit=count)
    assert len(claims) == count
    world.clock.forward(seconds=run_s)
    for number, claim in enumerate(claims):
        outcome = PictureOutcome(
            state=PictureState.DONE, result_key=claim.id, width_px=400, height_px=200
        )
        if number < failed:
            outcome = PictureOutcome(state=PictureState.FAILED, code="x")
        finish_picture(world.db, claim, outcome)


@pytest.mark.parametrize("window", list(Window))
def test_the_figures_are_the_same_before_and_after_they_are_counted(
    world: World, window: Window
) -> None:
    end_pictures(world, 10, wait_s=4, run_s=2, failed=2)
    before = history(world.db, window).total(BULK)
    world.clock.forward(seconds=180)
    tally(world.db)
    after = history(world.db, window).total(BULK)
    assert (before.counts, before.output_px) == (after.counts, after.output_px)
    assert before.counts == {"done": 8, "failed": 2}
    assert after.output_px == 8 * 400 * 200
    assert before.wait_bins == after.wait_bins
    assert Times.of(after.wait_bins).p50 == pytest.approx(4, rel=0.05)
    assert Times.of(after.run_bins).p99 == pytest.approx(2, rel=0.05)
    assert failure_share(after) == 0.2


def test_counting_again_counts_nothing_twice(world: World) -> None:
    for _ in range(3):
        end_pictures(world, 4, wait_s=30, run_s=30)
        tally(world.db)
        tally(world.db)
    world.clock.forward(seconds=120)
    tally(world.db)
    for window in Window:
        assert history(world.db, window).total(BULK).counts == {"done": 12}


def test_the_figures_outlive_the_rows(world: World) -> None:
    end_pictures(world, 5, wait_s=1, run_s=1)
    world.clock.forward(seconds=180)
    tally(world.db)
    with world.db.session() as session:
        session.execute(delete(Job))
    assert history(world.db, Window.DAY).total(BULK).counts == {"done": 5}


def test_minutes_go_after_a_day_and_hours_stay_for_the_week(world: World) -> None:
    end_pictures(world, 5, wait_s=1, run_s=1)
    world.clock.forward(days=3)
    tally(world.db)
    tally(world.db)
    tally(world.db)
    assert history(world.db, Window.WEEK).total(BULK).counts == {"done": 5}
    assert history(world.db, Window.DAY).total(BULK).counts == {}


def test_how_much_waits_is_kept_too(world: World) -> None:
    world.prepared(7)
    world.clock.forward(seconds=20)
    tally(world.db)
    world.claim(limit=7)
    world.clock.forward(seconds=600)
    tally(world.db)
    most = history(world.db, Window.HOUR).total(BULK)
    assert (most.waiting, most.oldest_wait_s) == (7, 20)
