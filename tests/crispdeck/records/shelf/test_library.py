"""The library finds pictures by shared marks, for their own tenant, while they may be used."""

from datetime import timedelta

import pytest

from crispdeck.errors import NotFoundError
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.library import (
    COMMON,
    Candidate,
    add_to_library,
    find_in_library,
    forget_library_pictures,
    list_library,
    set_never,
)
from tests.crispdeck.records.shelf.library_pictures import FRAME, marks, picture
from tests.crispdeck.records.world import World


def found(world: World, words: list[list[int]] | None = None) -> list[Candidate]:
    return find_in_library(world.db, world.tenant_id, [], words or [[5], [6, 77]])


def test_shared_words_find_a_picture(world: World) -> None:
    assert add_to_library(world.db, world.tenant_id, [picture()]) == 1
    (one,) = found(world)
    assert (one.picture.name, one.shared, one.frame) == ("Brand/logo.png", 2.0, FRAME)
    assert found(world, [[6]]) == []


def test_one_band_of_the_frame_is_enough(world: World) -> None:
    add_to_library(world.db, world.tenant_id, [picture()])
    (one,) = find_in_library(world.db, world.tenant_id, [(0, 1), (2, 0xBA98)], [])
    assert one.shared == 0
    assert find_in_library(world.db, world.tenant_id, [(0, 0xBA98)], []) == []


def test_equal_bytes_are_added_once(world: World) -> None:
    assert add_to_library(world.db, world.tenant_id, [picture(), picture()]) == 1
    assert add_to_library(world.db, world.tenant_id, [picture()]) == 0


def test_nobody_finds_another_tenants_pictures(world: World) -> None:
    stranger = create_tenant(world.db, "stranger")
    add_to_library(world.db, stranger, [picture()])
    assert found(world) == []
    assert list_library(world.db, world.tenant_id) == []
    (row,) = list_library(world.db, stranger)
    with pytest.raises(NotFoundError):
        set_never(world.db, world.tenant_id, row.id, never=True)
    assert forget_library_pictures(world.db, world.tenant_id, [row.id]) == 0


def test_what_must_never_be_used_is_not_found(world: World) -> None:
    add_to_library(world.db, world.tenant_id, [picture()])
    (row,) = list_library(world.db, world.tenant_id)
    set_never(world.db, world.tenant_id, row.id, never=True)
    assert found(world) == []
    set_never(world.db, world.tenant_id, row.id, never=False)
    assert len(found(world)) == 1


def test_a_picture_that_is_taken_out_leaves_no_mark(world: World) -> None:
    add_to_library(world.db, world.tenant_id, [picture()])
    (row,) = list_library(world.db, world.tenant_id)
    assert forget_library_pictures(world.db, world.tenant_id, [row.id]) == 1
    assert marks(world) == 0


def test_an_expired_picture_is_not_found(world: World) -> None:
    end = world.clock.now + timedelta(days=1)
    add_to_library(world.db, world.tenant_id, [picture(expires_at=end)])
    assert len(found(world)) == 1
    world.clock.now = end
    assert found(world) == []


def test_a_word_that_very_many_have_tells_nothing(world: World) -> None:
    many = [picture(f"{n}", words=(5,)) for n in range(COMMON)]
    add_to_library(world.db, world.tenant_id, [*many, picture("rare", words=(5, 9))])
    (one,) = found(world, [[5], [9]])
    assert (one.picture.name, one.shared) == ("rare", 1.0)
