"""Bulk work goes round the tenants and round the jobs of each, by weight; nobody holds all."""

from collections import Counter

from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from tests.crispdeck.records.world import World

DONE = PictureOutcome(state=PictureState.DONE)


def another(world: World, name: str, weight: float | None = None) -> World:
    tenant_id = create_tenant(world.db, name)
    if weight is not None:
        set_allowances(world.db, tenant_id, OwnAllowances(weight=weight))
    return world.of(tenant_id)


def done(world: World, claims: list[PictureClaim]) -> list[str]:
    for claim in claims:
        finish_picture(world.db, claim, DONE)
    return [claim.tenant_id for claim in claims]


def test_a_small_deck_does_not_wait_for_another_tenants_batch(world: World) -> None:
    world.prepared(60)
    other = another(world, "other")
    done(world, world.claim() + world.claim())
    other.prepared(3)
    turns = [done(world, world.claim())[0] for _ in range(6)]
    assert turns.count(other.tenant_id) == 3


def test_one_worker_goes_round_three_tenants(world: World) -> None:
    tenants = [world, another(world, "b"), another(world, "c")]
    for each in tenants:
        each.prepared(10)
    turns = [done(world, world.claim())[0] for _ in range(12)]
    assert set(Counter(turns).values()) == {4}
    assert all(len(set(turns[at : at + 3])) == 3 for at in range(0, 12, 3))


def test_a_tenant_of_twice_the_weight_gets_twice_the_turns(world: World) -> None:
    heavy = another(world, "heavy", weight=2.0)
    world.prepared(30)
    heavy.prepared(30)
    turns = Counter(done(world, world.claim())[0] for _ in range(30))
    assert turns[heavy.tenant_id] == 20


def test_the_jobs_of_one_tenant_take_turns(world: World) -> None:
    world.prepared(40)
    for _ in range(10):
        done(world, world.claim())
    small, _ = world.prepared(3)
    jobs = []
    for _ in range(6):
        [claim] = world.claim()
        jobs.append(claim.job_id)
        finish_picture(world.db, claim, DONE)
    assert jobs.count(small.id) == 3


def test_who_was_alone_for_long_is_not_made_to_pay_for_it(world: World) -> None:
    other = another(world, "other")
    world.prepared(30)
    for _ in range(20):
        done(world, world.claim())
    other.prepared(30)
    turns = Counter(done(world, world.claim())[0] for _ in range(10))
    assert turns[world.tenant_id] == 5


def test_who_comes_back_has_not_saved_up_turns(world: World) -> None:
    other = another(world, "other")
    other.prepared(1)
    done(world, world.claim())
    world.prepared(60)
    for _ in range(40):
        done(world, world.claim())
    other.prepared(30)
    turns = Counter(done(world, world.claim())[0] for _ in range(10))
    assert turns[other.tenant_id] == 5


def test_a_tenant_that_holds_more_than_its_share_waits_for_the_others(world: World) -> None:
    """Its pictures are slow: it holds ten workers, and the quick ones of others go first."""
    world.prepared(20)
    held = [world.claim()[0] for _ in range(10)]
    other = another(world, "other")
    other.prepared(20)
    turns = [world.claim()[0].tenant_id for _ in range(9)]
    assert turns == [other.tenant_id] * 9
    later = Counter(world.claim()[0].tenant_id for _ in range(10))
    assert abs((len(held) + later[world.tenant_id]) - (9 + later[other.tenant_id])) <= 1


def test_no_worker_is_idle_because_somebody_has_its_share(world: World) -> None:
    world.prepared(20)
    assert all(world.claim() for _ in range(20))


def test_a_batch_of_one_size_is_filled_from_its_own_job_first(world: World) -> None:
    world.prepared(30)
    other = another(world, "other")
    mine, _ = other.prepared(8)
    jobs = [{claim.job_id for claim in world.claim(limit=8)} for _ in range(2)]
    assert {mine.id} in jobs


def test_interactive_work_takes_turns_by_tenant_as_well(world: World) -> None:
    other = another(world, "other")
    for _ in range(6):
        world.picture_job()
    other.picture_job()
    turns = [done(world, world.claim())[0] for _ in range(2)]
    assert set(turns) == {world.tenant_id, other.tenant_id}
