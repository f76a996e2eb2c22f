"""Uploads that nobody goes on with end, and leave neither object nor row."""

import pytest

from crispdeck.errors import ConflictError, NotFoundError, OffsetMismatchError
from crispdeck.records.people.tenants import create_tenant, stored_bytes
from crispdeck.records.shelf.expiry import (
    DueKind,
    unknown_keys,
)
from crispdeck.records.shelf.uploads import (
    UNTOUCHED_UPLOAD_KEPT,
    add_part,
    cancel_upload,
    get_upload,
    part_keys,
)
from tests.crispdeck.records.shelf.uploading import begun, part, sweep
from tests.crispdeck.records.world import World


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


def test_a_cancelled_upload_may_be_cancelled_no_more(world: World) -> None:
    upload = begun(world)
    cancel_upload(world.db, world.tenant_id, upload.id)
    with pytest.raises((NotFoundError, ConflictError)):
        cancel_upload(world.db, world.tenant_id, upload.id)
