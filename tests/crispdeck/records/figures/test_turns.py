"""Operators see who waits for whom."""

from crispdeck.queue.names import QueueName
from crispdeck.records.figures.turns import turns
from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from crispdeck.records.people.tenants import create_tenant
from tests.crispdeck.records.world import World


def test_nobody_waits(world: World) -> None:
    assert turns(world.db) == []


def test_the_next_turn_comes_first_and_is_what_a_claim_takes(world: World) -> None:
    other = world.of(create_tenant(world.db, "other"))
    world.prepared(5)
    other.prepared(5)
    for _ in range(6):
        first = turns(world.db)[0]
        [claim] = world.claim()
        assert claim.tenant_id == first.tenant_id


def test_shares_follow_the_weights_and_who_holds_more_stands_behind(world: World) -> None:
    set_allowances(world.db, world.tenant_id, OwnAllowances(weight=3.0))
    world.prepared(6)
    world.claim(limit=5)
    other = world.of(create_tenant(world.db, "other"))
    other.prepared(2)
    first, second = turns(world.db)
    assert (first.name, first.queued, first.share, first.holds_more) == ("other", 2, 0.25, False)
    assert (second.queued, second.running, second.share) == (1, 5, 0.75)
    assert second.holds_more
    assert {turn.queue for turn in (first, second)} == {QueueName.BULK}
