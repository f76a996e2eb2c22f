"""What a tenant keeps counts, and is limited."""

import pytest

from crispdeck.errors import LimitReachedError
from crispdeck.records.people.tenants import create_tenant, stored_bytes
from crispdeck.records.shelf.decks import (
    create_deck,
)
from tests.crispdeck.records.world import World


def test_what_a_tenant_keeps_is_limited(world: World) -> None:
    def another(max_stored_bytes: int) -> None:
        create_deck(
            world.db,
            world.tenant_id,
            name="n",
            size_bytes=5000,
            sha256="0" * 64,
            object_key=f"k{max_stored_bytes}",
            scan_json={},
            retention_days=1,
            max_stored_bytes=max_stored_bytes,
        )

    world.deck()
    assert stored_bytes(world.db, world.tenant_id) == 5000
    with pytest.raises(LimitReachedError):
        another(9_999)
    another(10_000)
    assert stored_bytes(world.db, world.tenant_id) == 10_000


def test_sources_count_as_kept_and_other_tenants_do_not(world: World) -> None:
    world.prepared(2)
    stranger = create_tenant(world.db, "stranger")
    assert stored_bytes(world.db, world.tenant_id) == 5000 + 2 * 1000
    assert stored_bytes(world.db, stranger) == 0
