"""Shares tell what waits and runs, and jobs what became of their pictures."""

from collections import Counter

from crispdeck.queue.names import QueueName
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from tests.crispdeck.records.world import World

DONE = PictureOutcome(state=PictureState.DONE)


def done(world: World, claims: list[PictureClaim]) -> list[str]:
    for claim in claims:
        finish_picture(world.db, claim, DONE)
    return [claim.tenant_id for claim in claims]


def test_the_shares_tell_what_waits_and_runs(world: World) -> None:
    world.prepared(5)
    claims = world.claim(limit=2)
    assert world.waiting() == Counter({QueueName.BULK: 3})
    assert world.running() == Counter({QueueName.BULK: 2})
    done(world, claims)
    assert world.running() == Counter()
