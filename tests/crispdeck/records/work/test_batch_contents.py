"""A batch ends with all that lies in it."""

import pytest

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.shelf.batches import create_batch, get_batch
from crispdeck.records.work.batch_contents import delete_batch, read_contents
from tests.crispdeck.records.shelf.uploading import begun, part, sweep
from tests.crispdeck.records.world import RETENTION_DAYS, World


def test_a_deleted_batch_ends_its_uploads_and_then_is_no_more(world: World) -> None:
    batch = create_batch(world.db, world.tenant_id, {}, retention_days=RETENTION_DAYS)
    upload = begun(world, batch.id)
    part(world, upload, 0)
    assert [one.id for one in read_contents(world.db, world.tenant_id, batch.id).uploads] == [
        upload.id
    ]
    delete_batch(world.db, world.tenant_id, batch.id)
    with pytest.raises(GoneError):
        get_batch(world.db, world.tenant_id, batch.id)
    with pytest.raises(GoneError):
        begun(world, batch.id)
    sweep(world)
    with pytest.raises(NotFoundError):
        get_batch(world.db, world.tenant_id, batch.id)
