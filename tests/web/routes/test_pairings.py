"""A code on one screen becomes a key on another: once, soon, and with no more rights."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crispdeck.errors import PairingCodeError
from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, create_tenant, find_key, issue_key, revoke_key
from crispdeck.records.people.pairings import finish_pairing, start_pairing
from tests.web.conftest import Headers, Web


def code(web: Web, key: Headers | None = None) -> str:
    answer = web.client.post("/api/v1/pairings", headers=key or web.key)
    assert answer.status_code == 201
    return str(answer.get_json()["code"])


def exchange(web: Web, given: str) -> tuple[int, dict[str, str]]:
    answer = web.client.post("/api/v1/pairings/exchange", json={"code": given, "name": "Mac"})
    return answer.status_code, answer.get_json()


def test_a_code_becomes_a_key_for_decks_and_pictures(web: Web) -> None:
    status, made = exchange(web, code(web))
    assert status == 201
    answer = web.client.get("/api/v1/whoami", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.get_json()["scopes"] == ["decks", "pictures"]
    assert answer.get_json()["tenant_id"] == web.tenant_id


def test_a_code_is_read_however_people_type_it(web: Web) -> None:
    assert exchange(web, code(web).lower().replace("-", " "))[0] == 201


def test_a_code_is_good_once(web: Web) -> None:
    given = code(web)
    assert exchange(web, given)[0] == 201
    status, problem = exchange(web, given)
    assert (status, problem["code"]) == (403, "pairing_code_invalid")


def test_a_code_gives_no_more_than_its_maker_has(web: Web) -> None:
    _, made = exchange(web, code(web, web.new_key(Scope.DECKS)))
    answer = web.client.get("/api/v1/whoami", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.get_json()["scopes"] == ["decks"]


def test_a_key_that_only_reads_makes_no_code(web: Web) -> None:
    key = web.new_key(Scope.JOBS_READ)
    assert web.client.post("/api/v1/pairings", headers=key).status_code == 403


@pytest.fixture
def clock() -> list[datetime]:
    return [datetime(2026, 11, 1, tzinfo=UTC)]


@pytest.fixture
def db(tmp_path: Path, clock: list[datetime]) -> Database:
    db = Database(f"sqlite:///{tmp_path / 'db'}", clock=lambda: clock[0])
    db.migrate()
    return db


def test_a_code_dies_after_ten_minutes(db: Database, clock: list[datetime]) -> None:
    issued = issue_key(db, create_tenant(db, "owner"), Scope, "maker")
    caller = find_key(db, issued.key)
    assert caller is not None
    late, in_time = start_pairing(db, caller), start_pairing(db, caller)
    clock[0] += timedelta(minutes=9)
    assert finish_pairing(db, in_time.code, "pane").issued.key
    clock[0] += timedelta(minutes=1)
    with pytest.raises(PairingCodeError):
        finish_pairing(db, late.code, "pane")
    db.dispose()


def test_a_code_dies_with_the_key_that_made_it(db: Database) -> None:
    issued = issue_key(db, create_tenant(db, "owner"), Scope, "maker")
    caller = find_key(db, issued.key)
    assert caller is not None
    given = start_pairing(db, caller)
    revoke_key(db, caller.tenant_id, caller.key_id)
    with pytest.raises(PairingCodeError):
        finish_pairing(db, given.code, "pane")
    db.dispose()


def test_a_paired_key_ends_with_the_key_that_paired_it(db: Database, clock: list[datetime]) -> None:
    tenant_id = create_tenant(db, "owner")
    ends_at = clock[0] + timedelta(hours=1)
    parent = issue_key(db, tenant_id, Scope, "parent", expires_at=ends_at)
    maker = find_key(db, parent.key)
    assert maker is not None
    child = finish_pairing(db, start_pairing(db, maker).code, "pane").issued
    paired = find_key(db, child.key)
    assert paired is not None
    grandchild = finish_pairing(db, start_pairing(db, paired).code, "pane").issued
    assert find_key(db, grandchild.key) is not None
    clock[0] += timedelta(hours=2)
    assert find_key(db, child.key) is None
    assert find_key(db, grandchild.key) is None


def test_a_paired_key_is_revoked_with_its_parent(db: Database) -> None:
    tenant_id = create_tenant(db, "owner")
    parent = issue_key(db, tenant_id, Scope, "parent")
    maker = find_key(db, parent.key)
    assert maker is not None
    child = finish_pairing(db, start_pairing(db, maker).code, "pane").issued
    paired = find_key(db, child.key)
    assert paired is not None
    grandchild = finish_pairing(db, start_pairing(db, paired).code, "pane").issued
    revoke_key(db, tenant_id, parent.id)
    assert find_key(db, child.key) is None
    assert find_key(db, grandchild.key) is None


def test_pairing_and_exchange_are_audited_with_the_new_keys_id(web: Web) -> None:
    exchange(web, code(web))
    seen = web.client.get("/api/v1/audit", headers=web.key).get_json()["items"]
    assert [one["action"] for one in seen] == ["pairing.exchange", "pairing.start"]
    keys = web.client.get("/api/v1/keys", headers=web.key).get_json()["items"]
    assert seen[0]["target"] in {key["id"] for key in keys}
    assert seen[0]["actor"] != seen[0]["target"]
