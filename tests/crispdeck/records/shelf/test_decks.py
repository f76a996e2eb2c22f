"""Uploaded decks as their tenant sees them."""

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.decks import (
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
