"""Uploads in the making, and a sweep of what is due."""

from crispdeck.records.shelf.expiry import Due, due_for_deletion, forget, forget_old_rows
from crispdeck.records.shelf.uploads import add_part, create_upload
from crispdeck.records.shelf.values import UploadRecord
from tests.crispdeck.records.world import World


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
