"""Uploads that nobody goes on with end, and leave neither object nor row."""

import pytest

from crispdeck.errors import ConflictError, GoneError, NotFoundError, OffsetMismatchError
from crispdeck.records.people.tenants import create_tenant, stored_bytes
from crispdeck.records.shelf.batches import create_batch, get_batch, list_batches
from crispdeck.records.shelf.expiry import (
    Due,
    DueKind,
    due_for_deletion,
    forget,
    forget_old_rows,
    unknown_keys,
)
from crispdeck.records.shelf.uploads import (
    UNTOUCHED_UPLOAD_KEPT,
    add_part,
    cancel_upload,
    create_upload,
    get_upload,
    part_keys,
)
from crispdeck.records.shelf.values import UploadRecord
from crispdeck.records.work.batch_contents import delete_batch, read_contents
from tests.crispdeck.records.world import RETENTION_DAYS, World


def begun(world: World, batch_id: str | None = None) -> UploadRecord:
    return create_upload(
        world.db,
        world.tenant_id,
        batch_id=batch_id,
        name="talk.pptx",
        folder="",
        size_bytes=1000,
    )


def part(world: World, upload: UploadRecord, start: int, size_bytes: int = 100) -> UploadRecord:
    return add_part(
        world.db,
        world.tenant_id,
        upload.id,
        start=start,
        size_bytes=size_bytes,
        object_key=f"{upload.id}-{start}",
    )


def sweep(world: World) -> list[Due]:
    doomed = due_for_deletion(world.db)
    forget(world.db, doomed)
    forget_old_rows(world.db)
    return doomed


def test_parts_follow_each_other(world: World) -> None:
    upload = begun(world)
    assert [part(world, upload, start).offset_bytes for start in (0, 100, 200)] == [100, 200, 300]
    with pytest.raises(OffsetMismatchError) as caught:
        part(world, upload, 200)
    assert caught.value.offset_bytes == 300
    assert part_keys(world.db, upload.id) == [f"{upload.id}-{start}" for start in (0, 100, 200)]


def test_another_tenants_upload_is_not_there(world: World) -> None:
    upload = begun(world)
    stranger = create_tenant(world.db, "stranger")
    with pytest.raises(NotFoundError):
        get_upload(world.db, stranger, upload.id)
    with pytest.raises(NotFoundError):
        cancel_upload(world.db, stranger, upload.id)
    with pytest.raises(NotFoundError):
        add_part(world.db, stranger, upload.id, start=0, size_bytes=1, object_key="k")


def test_parts_of_an_open_upload_are_no_strays(world: World) -> None:
    upload = begun(world)
    part(world, upload, 0)
    assert unknown_keys(world.db, [f"{upload.id}-0", "stray"]) == ["stray"]


def test_an_upload_that_nobody_goes_on_with_is_swept_up(world: World) -> None:
    upload = begun(world)
    part(world, upload, 0)
    assert stored_bytes(world.db, world.tenant_id) == 1000
    world.clock.forward(seconds=UNTOUCHED_UPLOAD_KEPT.total_seconds() - 1)
    assert sweep(world) == []
    part(world, upload, 100)
    world.clock.forward(seconds=UNTOUCHED_UPLOAD_KEPT.total_seconds())
    keys = (f"{upload.id}-0", f"{upload.id}-100")
    [doomed] = sweep(world)
    assert (doomed.kind, doomed.id, sorted(doomed.keys)) == (
        DueKind.UPLOAD,
        upload.id,
        sorted(keys),
    )
    assert unknown_keys(world.db, keys) == sorted(keys)
    assert stored_bytes(world.db, world.tenant_id) == 0
    with pytest.raises(NotFoundError):
        get_upload(world.db, world.tenant_id, upload.id)


def test_a_cancelled_upload_takes_no_part_and_is_swept_up(world: World) -> None:
    upload = begun(world)
    part(world, upload, 0)
    cancel_upload(world.db, world.tenant_id, upload.id)
    with pytest.raises(NotFoundError):
        part(world, upload, 100)
    assert [doomed.keys for doomed in sweep(world)] == [(f"{upload.id}-0",)]
    assert sweep(world) == []


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


def test_an_expired_batch_is_gone_and_its_rows_go(world: World) -> None:
    batch = create_batch(world.db, world.tenant_id, {}, retention_days=1)
    assert [one.id for one in list_batches(world.db, world.tenant_id).items] == [batch.id]
    world.clock.forward(days=1)
    assert list_batches(world.db, world.tenant_id).items == ()
    sweep(world)
    with pytest.raises(NotFoundError):
        get_batch(world.db, world.tenant_id, batch.id)


def test_a_cancelled_upload_may_be_cancelled_no_more(world: World) -> None:
    upload = begun(world)
    cancel_upload(world.db, world.tenant_id, upload.id)
    with pytest.raises((NotFoundError, ConflictError)):
        cancel_upload(world.db, world.tenant_id, upload.id)
