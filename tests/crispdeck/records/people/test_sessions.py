"""Sessions of operators: they expire, end with the password, and failures close the door."""

import pytest
from sqlalchemy import select

from crispdeck.errors import LimitReachedError
from crispdeck.records.people.operators import (
    create_operator,
    find_operator,
    set_disabled,
    set_password,
    set_role,
)
from crispdeck.records.people.sessions import (
    MOST_PER_ADDRESS,
    MOST_PER_NAME_AND_ADDRESS,
    end_other_sessions,
    end_session,
    find_session,
    list_sessions,
    log_in,
)
from crispdeck.records.roles import Role
from crispdeck.records.tables import Operator, OperatorSession
from tests.cheap_passwords import cheap_passwords
from tests.crispdeck.records.people.conftest import PASSWORD
from tests.crispdeck.records.world import World

__all__ = ["cheap_passwords"]


pytestmark = pytest.mark.usefixtures("cheap_passwords")


HERE = "192.0.2.1"


def token_of(world: World, name: str = "anna") -> str:
    opened = log_in(world.db, name, PASSWORD, address=HERE)
    assert opened is not None
    return opened.token


def test_neither_password_nor_token_is_kept(world: World, anna: str) -> None:
    token = token_of(world)
    with world.db.reading() as session:
        row = session.get_one(Operator, anna)
        kept = session.scalars(select(OperatorSession)).one()
    assert row.password_hash is not None
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD not in row.password_hash
    assert token not in {kept.token_sha256, kept.csrf}


@pytest.mark.usefixtures("anna")
def test_a_session_ends_when_it_sleeps_and_after_half_a_day(world: World) -> None:
    sleepy, busy = token_of(world), token_of(world)
    for _ in range(13):
        world.clock.forward(seconds=55 * 60)
        if find_session(world.db, busy) is None:
            break
    assert find_session(world.db, sleepy) is None
    world.clock.forward(seconds=55 * 60)
    assert find_session(world.db, busy) is None


@pytest.mark.usefixtures("anna")
def test_a_busy_session_outlives_an_hour(world: World) -> None:
    token = token_of(world)
    for _ in range(4):
        world.clock.forward(seconds=30 * 60)
        assert find_session(world.db, token) is not None


def test_logging_out_ends_this_session_and_no_other(world: World, anna: str) -> None:
    first, second = token_of(world), token_of(world)
    session_operator = find_session(world.db, first)
    assert session_operator is not None
    end_session(world.db, session_operator.token_sha256)
    assert find_session(world.db, first) is None
    assert find_session(world.db, second) is not None
    assert len(list_sessions(world.db, anna)) == 1


@pytest.mark.usefixtures("anna")
def test_the_other_sessions_can_be_ended(world: World) -> None:
    first, second = token_of(world), token_of(world)
    session_operator = find_session(world.db, second)
    assert session_operator is not None
    end_other_sessions(world.db, session_operator)
    assert find_session(world.db, first) is None
    assert find_session(world.db, second) is not None


def test_a_new_password_and_a_closed_door_end_all_sessions(world: World, anna: str) -> None:
    create_operator(world.db, "bert", Role.ADMIN, password=PASSWORD)
    token = token_of(world)
    set_password(world.db, anna)
    assert find_session(world.db, token) is None
    bert = find_operator(world.db, "bert")
    token = token_of(world, "bert")
    create_operator(world.db, "carl", Role.ADMIN)
    set_disabled(world.db, bert.id, disabled=True)
    assert find_session(world.db, token) is None
    assert log_in(world.db, "bert", PASSWORD, address=HERE) is None


@pytest.mark.usefixtures("anna")
def test_a_role_that_changes_counts_from_the_next_request_on(world: World) -> None:
    bert = create_operator(world.db, "bert", Role.VIEWER, password=PASSWORD)
    token = token_of(world, "bert")
    set_role(world.db, bert.id, Role.OPERATOR)
    session_operator = find_session(world.db, token)
    assert session_operator is not None
    assert session_operator.role is Role.OPERATOR


@pytest.mark.usefixtures("anna")
def test_guessing_closes_the_door_for_a_quarter_of_an_hour(world: World) -> None:
    for _ in range(MOST_PER_NAME_AND_ADDRESS):
        assert log_in(world.db, "anna", "a wrong password", address=HERE) is None
    with pytest.raises(LimitReachedError):
        log_in(world.db, "anna", PASSWORD, address=HERE)
    # The owner, who comes from elsewhere, is not locked out by it.
    assert log_in(world.db, "anna", PASSWORD, address="198.51.100.7") is not None
    world.clock.forward(seconds=16 * 60)
    assert log_in(world.db, "anna", PASSWORD, address=HERE) is not None


@pytest.mark.usefixtures("anna")
def test_a_log_in_that_was_not_even_tried_is_no_wrong_one(
    world: World, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise LimitReachedError("Too many log in at once.", retry_after_s=1)

    monkeypatch.setattr("crispdeck.records.people.sessions.check_password", busy)
    for _ in range(MOST_PER_NAME_AND_ADDRESS + 1):
        with pytest.raises(LimitReachedError, match="at once"):
            log_in(world.db, "anna", PASSWORD, address=HERE)
    monkeypatch.undo()
    assert log_in(world.db, "anna", PASSWORD, address=HERE) is not None


def test_an_address_that_tries_many_names_is_refused(world: World) -> None:
    for number in range(MOST_PER_ADDRESS):
        log_in(world.db, f"name{number}", "a wrong password", address=HERE)
    with pytest.raises(LimitReachedError):
        log_in(world.db, "anna", PASSWORD, address=HERE)
