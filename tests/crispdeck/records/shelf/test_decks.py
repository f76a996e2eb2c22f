"""Uploaded decks as their tenant sees them."""

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import GoneError, LimitReachedError, NotFoundError
from crispdeck.records.people.tenants import create_tenant, stored_bytes
from crispdeck.records.shelf.decks import (
    create_deck,
    delete_deck,
    get_deck,
    get_scan,
    keep_scan,
    kept_scan,
    list_decks,
)
from crispdeck.records.states import JobState
from tests.crispdeck.deck.deck_maker import Made, picture, xfrm
from tests.crispdeck.records.world import RETENTION_DAYS, World


def test_a_deck_and_its_scan_come_back(world: World) -> None:
    deck = world.deck()
    assert get_deck(world.db, world.tenant_id, deck.id) == deck
    assert get_scan(world.db, world.tenant_id, deck.id) == {"slides": 3}


def test_a_kept_scan_counts_only_for_the_options_it_was_made_with(world: World) -> None:
    deck, wide = world.deck(), ScanOptions.asked_for(preset="wide")
    with open_deck(Made(slides=[picture(xfrm(0, 0, 6, 4))]).blob()) as archive:
        found = scan(archive, wide)
    keep_scan(world.db, world.tenant_id, deck.id, scan_to_json(found), {})
    assert kept_scan(world.db, world.tenant_id, deck.id, wide) == found
    assert kept_scan(world.db, world.tenant_id, deck.id, ScanOptions()) is None


def test_a_scan_that_cannot_be_read_any_more_counts_for_nothing(world: World) -> None:
    assert kept_scan(world.db, world.tenant_id, world.deck().id, ScanOptions()) is None


def test_another_tenants_deck_is_not_there(world: World) -> None:
    deck = world.deck()
    stranger = create_tenant(world.db, "stranger")
    for act in (get_deck, get_scan, delete_deck):
        with pytest.raises(NotFoundError):
            act(world.db, stranger, deck.id)
    assert list_decks(world.db, stranger).items == ()


def test_decks_are_listed_newest_first_in_pages(world: World) -> None:
    made = [world.deck() for _ in range(3)]
    first = list_decks(world.db, world.tenant_id, limit=2)
    rest = list_decks(world.db, world.tenant_id, limit=2, after=first.next_after)
    assert (*first.items, *rest.items) == tuple(made[::-1])
    assert rest.next_after is None


def test_a_deleted_deck_is_gone_and_its_jobs_end(world: World) -> None:
    job, _ = world.prepared(2)
    assert job.deck_id is not None
    delete_deck(world.db, world.tenant_id, job.deck_id)
    for act in (get_deck, get_scan, delete_deck):
        with pytest.raises(GoneError):
            act(world.db, world.tenant_id, job.deck_id)
    assert world.job(job).state is JobState.CANCELLED
    assert world.claim() == []
    assert list_decks(world.db, world.tenant_id).items == ()


def test_an_expired_deck_is_gone(world: World) -> None:
    deck = world.deck()
    world.clock.forward(days=RETENTION_DAYS)
    with pytest.raises(GoneError):
        get_deck(world.db, world.tenant_id, deck.id)
    assert list_decks(world.db, world.tenant_id).items == ()


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


def test_a_hostile_file_name_becomes_a_line_of_text(world: World) -> None:
    record = create_deck(
        world.db,
        world.tenant_id,
        name="a\x00b\nc\udcff" + "x" * 400 + ".pptx",
        size_bytes=1,
        sha256="0" * 64,
        object_key="k",
        scan_json={},
        retention_days=1,
    )
    assert record.name.startswith("a b c?xxx")
    assert len(record.name) == 300
    assert get_deck(world.db, world.tenant_id, record.id).name == record.name
