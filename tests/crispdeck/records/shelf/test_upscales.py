"""Upscales that a tenant has already."""

from typing import Any

import pytest

from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.upscales import find_upscale, remember_upscale
from crispdeck.records.shelf.values import UpscaleRecord
from tests.crispdeck.records.world import World

IDENTITY: dict[str, Any] = {"sha256": "1" * 64, "network": "crisp-1", "scale": 4, "variant": "a"}


def remember(world: World, key: str, **changes: Any) -> None:
    remember_upscale(
        world.db,
        world.tenant_id,
        **IDENTITY | changes,
        object_key=key,
        format="png",
        width_px=400,
        height_px=200,
        size_bytes=1234,
        report={"psnr": 30.5},
        retention_days=7,
    )


def find(world: World, tenant_id: str, **changes: Any) -> UpscaleRecord | None:
    asked = IDENTITY | changes
    networks = {"another-1", asked.pop("network")}
    return find_upscale(world.db, tenant_id, **asked, networks=networks, retention_days=7)


def test_an_upscale_is_found_by_all_that_it_depends_on(world: World) -> None:
    remember(world, "k")
    record = find(world, world.tenant_id)
    assert record is not None
    assert (record.object_key, record.width_px, record.height_px) == ("k", 400, 200)
    assert (record.format, record.size_bytes, record.report) == ("png", 1234, {"psnr": 30.5})


@pytest.mark.parametrize(
    "change", [{"sha256": "2" * 64}, {"network": "crisp-2"}, {"scale": 2}, {"variant": "b"}]
)
def test_an_upscale_of_anything_else_is_not_taken(world: World, change: dict[str, Any]) -> None:
    remember(world, "k")
    assert find(world, world.tenant_id, **change) is None


def test_tenants_share_no_upscales(world: World) -> None:
    remember(world, "k")
    stranger = create_tenant(world.db, "stranger")
    assert find(world, stranger) is None


def test_the_same_upscale_made_twice_leaves_two_objects_and_one_answer(world: World) -> None:
    remember(world, "k1")
    remember(world, "k2")
    record = find(world, world.tenant_id)
    assert record is not None
    assert record.object_key == "k2"


def test_an_upscale_is_kept_for_as_long_as_its_tenant_keeps_things(world: World) -> None:
    set_allowances(world.db, world.tenant_id, OwnAllowances(retention_days=1.0))
    remember(world, "k")
    world.clock.forward(seconds=20 * 3600)
    assert find(world, world.tenant_id) is not None, "which keeps it for another day"
    world.clock.forward(seconds=20 * 3600)
    assert find(world, world.tenant_id) is not None
    world.clock.forward(seconds=25 * 3600)
    assert find(world, world.tenant_id) is None
