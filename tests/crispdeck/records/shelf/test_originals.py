"""Originals are found by what took their place, for as long as they were promised."""

import pytest

from crispdeck.records.people.keys import create_tenant
from crispdeck.records.people.tenants import stored_bytes
from crispdeck.records.shelf.expiry import due_for_deletion, forget, unknown_keys
from crispdeck.records.shelf.originals import (
    keep_longer,
    known_originals,
    originals_of,
    remember_original,
)
from tests.crispdeck.records.world import World

NEW, BLOB = "a" * 64, "b" * 64


@pytest.fixture
def kept(world: World) -> str:
    """The key of an original that is kept for a day."""
    key = f"{world.tenant_id}/originals/{NEW}/1"
    remember_original(
        world.db,
        world.tenant_id,
        new_sha256=NEW,
        blob_sha256=BLOB,
        object_key=key,
        size_bytes=100,
        retention_days=1,
    )
    return key


def test_an_original_is_known_by_what_took_its_place(world: World, kept: str) -> None:
    assert [row.object_key for row in originals_of(world.db, world.tenant_id, NEW)] == [kept]
    assert list(known_originals(world.db, world.tenant_id, {NEW, BLOB})) == [NEW]
    stranger = create_tenant(world.db, "stranger")
    assert originals_of(world.db, stranger, NEW) == []


def test_it_counts_as_space_and_as_an_object_that_somebody_knows(world: World, kept: str) -> None:
    assert stored_bytes(world.db, world.tenant_id) == 100
    assert unknown_keys(world.db, [kept, "stray"]) == ["stray"]


def test_it_goes_when_its_time_is_over_object_first(world: World, kept: str) -> None:
    world.clock.forward(days=23 / 24)
    assert due_for_deletion(world.db) == []
    world.clock.forward(days=2 / 24)
    assert originals_of(world.db, world.tenant_id, NEW) == []
    doomed = due_for_deletion(world.db)
    assert [item.keys for item in doomed] == [(kept,)]
    forget(world.db, doomed)
    assert due_for_deletion(world.db) == []


def test_a_second_swap_gives_it_its_full_time_again(world: World, kept: str) -> None:
    world.clock.forward(days=23 / 24)
    assert keep_longer(world.db, world.tenant_id, NEW, BLOB, retention_days=1)
    world.clock.forward(days=2 / 24)
    assert [row.object_key for row in originals_of(world.db, world.tenant_id, NEW)] == [kept]
    assert not keep_longer(world.db, world.tenant_id, NEW, "c" * 64, retention_days=1)
