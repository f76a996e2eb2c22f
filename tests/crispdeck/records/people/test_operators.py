"""Operators and their sessions: passwords, roles, expiry, and a door that closes."""

import pytest

from crispdeck.errors import ConflictError, InvalidRequestError
from crispdeck.records.people.operators import (
    check_password,
    create_operator,
    ensure_first_operator,
    find_operator,
    list_operators,
    set_disabled,
    set_role,
)
from crispdeck.records.people.sessions import (
    log_in,
)
from crispdeck.records.roles import Role
from tests.cheap_passwords import cheap_passwords
from tests.crispdeck.records.people.conftest import PASSWORD
from tests.crispdeck.records.world import World

__all__ = ["cheap_passwords"]


pytestmark = pytest.mark.usefixtures("cheap_passwords")


HERE = "192.0.2.1"


@pytest.mark.usefixtures("anna")
def test_only_name_and_password_together_open_the_door(world: World) -> None:
    assert check_password(world.db, "anna", PASSWORD) is not None
    for name, password in (("anna", "wrong"), ("bert", PASSWORD), ("", ""), ("a\x00", PASSWORD)):
        assert check_password(world.db, name, password) is None
        assert log_in(world.db, name, password, address=HERE) is None


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_that_will_not_do_is_refused(world: World, password: str) -> None:
    with pytest.raises(InvalidRequestError, match="12 to 200"):
        create_operator(world.db, "bert", Role.VIEWER, password=password)
    assert list_operators(world.db) == []


@pytest.mark.usefixtures("anna")
def test_a_name_is_given_once(world: World) -> None:
    with pytest.raises(ConflictError):
        create_operator(world.db, "anna", Role.VIEWER)


def test_the_first_operator_is_made_once(world: World) -> None:
    first = ensure_first_operator(world.db)
    assert first is not None
    assert check_password(world.db, first.name, first.password) is not None
    assert ensure_first_operator(world.db) is None


def test_the_last_administrator_stays(world: World, anna: str) -> None:
    bert = create_operator(world.db, "bert", Role.OPERATOR, password=PASSWORD)
    with pytest.raises(ConflictError):
        set_role(world.db, anna, Role.OPERATOR)
    with pytest.raises(ConflictError):
        set_disabled(world.db, anna, disabled=True)
    set_role(world.db, bert.id, Role.ADMIN)
    set_disabled(world.db, anna, disabled=True)
    assert find_operator(world.db, "anna").disabled_at is not None
