"""Requests that come twice and are carried out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from crispdeck.errors import ConflictError, IdempotencyMismatchError
from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.idempotency import Answer, abandon, begin, complete, request_hash
from tests.crispdeck.records.world import Clock, World

REQUEST = request_hash("POST", "/api/v1/decks", b"deck")
OTHER = request_hash("POST", "/api/v1/decks", b"other deck")
ANSWER = Answer(201, '{"id": "1"}')


def test_the_same_request_gets_the_first_answer(world: World) -> None:
    assert begin(world.db, world.tenant_id, "k", REQUEST) is None
    complete(world.db, world.tenant_id, "k", ANSWER)
    assert begin(world.db, world.tenant_id, "k", REQUEST) == ANSWER


def test_another_request_with_the_key_is_refused(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    with pytest.raises(IdempotencyMismatchError):
        begin(world.db, world.tenant_id, "k", OTHER)
    complete(world.db, world.tenant_id, "k", ANSWER)
    with pytest.raises(IdempotencyMismatchError):
        begin(world.db, world.tenant_id, "k", OTHER)


def test_a_request_that_is_being_carried_out_is_not_begun_again(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    with pytest.raises(ConflictError):
        begin(world.db, world.tenant_id, "k", REQUEST)


def test_a_request_that_failed_may_come_again(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    abandon(world.db, world.tenant_id, "k")
    assert begin(world.db, world.tenant_id, "k", REQUEST) is None


def test_an_answer_is_not_abandoned(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    complete(world.db, world.tenant_id, "k", ANSWER)
    abandon(world.db, world.tenant_id, "k")
    assert begin(world.db, world.tenant_id, "k", REQUEST) == ANSWER


def test_a_request_that_died_with_its_server_may_come_again(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    world.clock.forward(seconds=301)
    assert begin(world.db, world.tenant_id, "k", REQUEST) is None
    with pytest.raises(ConflictError):
        begin(world.db, world.tenant_id, "k", REQUEST)


def test_a_key_is_free_again_after_a_day(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    complete(world.db, world.tenant_id, "k", ANSWER)
    world.clock.forward(days=1)
    assert begin(world.db, world.tenant_id, "k", OTHER) is None


def test_tenants_do_not_share_keys(world: World) -> None:
    begin(world.db, world.tenant_id, "k", REQUEST)
    stranger = create_tenant(world.db, "stranger")
    assert begin(world.db, stranger, "k", OTHER) is None


def test_of_many_at_once_one_is_carried_out(real_time_db: Database) -> None:
    tenant_id = World(real_time_db, Clock()).tenant_id

    def attempt(_: int) -> str:
        try:
            return str(begin(real_time_db, tenant_id, "k", REQUEST))
        except ConflictError:
            return "conflict"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == ["None", *["conflict"] * 7]


def test_method_path_and_body_make_the_request() -> None:
    hashes = {
        request_hash(method, path, body)
        for method in ("POST", "PUT")
        for path in ("/a", "/b")
        for body in (b"", b"x")
    }
    assert len(hashes) == 8
    assert request_hash("post", "/a", b"") == request_hash("POST", "/a", b"")
