"""API keys: shown once, found, revoked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from crispdeck.errors import NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import (
    Scope,
    create_tenant,
    ensure_first_key,
    find_key,
    issue_key,
    list_keys,
    revoke_key,
)
from crispdeck.records.tables import ApiKey
from tests.crispdeck.records.world import World


def test_a_key_leads_to_its_tenant_and_scopes(world: World) -> None:
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS, Scope.JOBS_READ], "laptop")
    assert issued.key.startswith("cd_")
    caller = find_key(world.db, issued.key)
    assert caller is not None
    assert (caller.tenant_id, caller.key_id) == (world.tenant_id, issued.id)
    assert caller.scopes == {Scope.DECKS, Scope.JOBS_READ}


def test_the_secret_is_not_in_the_database(world: World) -> None:
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS], "laptop")
    secret = issued.key.rpartition("_")[2]
    assert len(secret) == 256 // 4
    with world.db.reading() as session:
        row = session.scalars(select(ApiKey)).one()
        values = [str(getattr(row, column.key)) for column in ApiKey.__table__.columns]
    assert not any(secret in value for value in values)


def test_near_misses_are_no_keys(world: World) -> None:
    key = issue_key(world.db, world.tenant_id, [Scope.DECKS], "laptop").key
    other = issue_key(world.db, world.tenant_id, [Scope.DECKS], "phone").key
    _, prefix, secret = key.split("_")
    wrong_last = "0" if key[-1] != "0" else "1"
    misses = [
        "",
        "cd",
        "cd__",
        f"cd_{prefix}_",
        f"xx_{prefix}_{secret}",
        f"cd_{prefix}_{other.split('_')[2]}",
        f"cd_000000000000_{secret}",
        key[:-1] + wrong_last,
        key + "0",
        key.upper(),
        f"cd_{prefix}_\udcff",
    ]
    assert [find_key(world.db, miss) for miss in misses] == [None] * len(misses)


def test_a_revoked_key_is_dead_and_others_live(world: World) -> None:
    dead = issue_key(world.db, world.tenant_id, [Scope.DECKS], "old")
    alive = issue_key(world.db, world.tenant_id, [Scope.DECKS], "new")
    revoke_key(world.db, world.tenant_id, dead.id)
    assert find_key(world.db, dead.key) is None
    assert find_key(world.db, alive.key) is not None


def test_only_the_own_tenant_revokes_a_key(world: World) -> None:
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS], "laptop")
    stranger = create_tenant(world.db, "stranger")
    with pytest.raises(NotFoundError):
        revoke_key(world.db, stranger, issued.id)
    assert find_key(world.db, issued.key) is not None


def test_a_key_expires(world: World) -> None:
    expires_at = world.clock.now + timedelta(hours=1)
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS], "guest", expires_at=expires_at)
    assert find_key(world.db, issued.key) is not None
    world.clock.forward(seconds=3600)
    assert find_key(world.db, issued.key) is None


def test_use_is_noted_once_a_minute(world: World) -> None:
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS], "laptop")
    noted = []
    for _ in range(4):
        find_key(world.db, issued.key)
        noted.append(list_keys(world.db, world.tenant_id)[0].last_used_at)
        world.clock.forward(seconds=30)
    start = world.clock.now - timedelta(seconds=120)
    assert noted == [start, start, start + timedelta(minutes=1), start + timedelta(minutes=1)]


def test_listed_keys_have_no_secret(world: World) -> None:
    issued = issue_key(world.db, world.tenant_id, [Scope.DECKS], "laptop")
    [record] = list_keys(world.db, world.tenant_id)
    assert (record.id, record.name, record.scopes) == (issued.id, "laptop", ("decks",))
    assert issued.key.split("_")[2] not in repr(record)


def test_a_key_for_an_unknown_tenant_is_refused(world: World) -> None:
    with pytest.raises(NotFoundError):
        issue_key(world.db, "nobody", [Scope.DECKS], "laptop")


def test_the_first_start_makes_one_key_with_all_scopes(real_time_db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        issued = list(pool.map(lambda _: ensure_first_key(real_time_db), range(8)))
    [first] = [key for key in issued if key is not None]
    caller = find_key(real_time_db, first.key)
    assert caller is not None
    assert caller.scopes == set(Scope) - {Scope.REVIEW}


def test_a_later_start_makes_no_key(world: World) -> None:
    assert ensure_first_key(world.db) is None
