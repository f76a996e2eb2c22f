"""The races and the simulation claim and end what they say, and leave sums that agree."""

import pytest

from crispdeck.records.database import Database
from crispdeck.records.figures.totals import figures
from crispdeck.records.states import PictureState
from worker.lab.bench.claims.backlog import fill
from worker.lab.bench.claims.depth import at_depth
from worker.lab.bench.claims.racing import Way, race, races
from worker.lab.bench.claims.simulating import simulate

pytestmark = pytest.mark.servers


def test_both_ways_are_raced_with_each_number_of_claimers(postgres_url: str) -> None:
    found = list(races(postgres_url, claimers=[1, 2], limit=2, seconds=0.5, pictures=500))
    assert [(one.claimers, one.way) for one in found] == [
        (1, Way.OLD),
        (1, Way.NEW),
        (2, Way.OLD),
        (2, Way.NEW),
    ]
    assert all(one.pictures > 0 and one.rate > 0 for one in found)
    assert all(one.quantile_ms(0.5) <= one.quantile_ms(0.95) for one in found)


def test_a_race_ends_when_nothing_waits_and_every_picture_is_ended_once(postgres_url: str) -> None:
    db = Database(postgres_url)
    db.migrate()
    waiting = fill(db, tenants=2, jobs=2, pictures=5)
    found = race(postgres_url, Way.NEW, claimers=3, limit=4, seconds=60.0)
    assert found.pictures == waiting == 20
    after = figures(db)
    assert after.pictures[PictureState.DONE] == 20
    assert sum(after.waiting.values()) == 4, "the four decks, to be put together"
    db.dispose()


def test_simulated_workers_are_mostly_busy_and_the_sums_agree(postgres_url: str) -> None:
    found = simulate(postgres_url, workers=6, seconds=2.0, work_s=0.5, tenants=3)
    assert found.consistent
    assert found.pictures >= 6
    assert 0 < found.busy <= 1
    assert "busy" in found.sentence()


def test_claims_are_timed_at_a_depth(postgres_url: str) -> None:
    lines = list(at_depth(postgres_url, pictures=20_000))
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["10", "1000", "1"]
