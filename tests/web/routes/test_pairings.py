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
    assert finish_pairing(db, in_time.code, "pane").key
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
