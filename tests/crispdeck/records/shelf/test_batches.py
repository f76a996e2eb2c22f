"""Batches expire."""

import pytest

from crispdeck.errors import NotFoundError
from crispdeck.records.shelf.batches import create_batch, get_batch, list_batches
from tests.crispdeck.records.shelf.uploading import sweep
from tests.crispdeck.records.world import World


def test_an_expired_batch_is_gone_and_its_rows_go(world: World) -> None:
    batch = create_batch(world.db, world.tenant_id, {}, retention_days=1)
    assert [one.id for one in list_batches(world.db, world.tenant_id).items] == [batch.id]
    world.clock.forward(days=1)
    assert list_batches(world.db, world.tenant_id).items == ()
    sweep(world)
    with pytest.raises(NotFoundError):
        get_batch(world.db, world.tenant_id, batch.id)
