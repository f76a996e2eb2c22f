"""A code that is read from one screen and typed into another gives a key, once and soon."""

import pytest

from crispdeck.errors import PairingCodeError
from crispdeck.records.people.keys import Scope, find_key, issue_key, revoke_key
from crispdeck.records.people.pairings import LIVES, PairingCode, finish_pairing, start_pairing
from tests.crispdeck.records.world import World


def code_of(world: World, *scopes: Scope) -> tuple[PairingCode, str]:
    """A code, and the id of the key that made it."""
    caller = find_key(world.db, issue_key(world.db, world.tenant_id, scopes, "laptop").key)
    assert caller is not None
    return start_pairing(world.db, caller), caller.key_id


def test_a_code_gives_a_key_of_the_same_tenant_and_no_more_rights(world: World) -> None:
    code, _ = code_of(world, Scope.DECKS, Scope.JOBS_READ)
    key = find_key(world.db, finish_pairing(world.db, code.code, "pane").issued.key)
    assert key is not None
    assert (key.tenant_id, key.scopes) == (world.tenant_id, frozenset({Scope.DECKS}))


def test_an_administrators_code_gives_what_the_pane_needs_and_not_all(world: World) -> None:
    code, _ = code_of(world, Scope.ADMIN)
    key = find_key(world.db, finish_pairing(world.db, code.code, "pane").issued.key)
    assert key is not None
    assert key.scopes == {Scope.DECKS, Scope.PICTURES}


def test_a_code_is_read_however_it_is_typed(world: World) -> None:
    code, _ = code_of(world, Scope.DECKS)
    typed = f" {code.code.lower().replace('-', ' ')} "
    assert finish_pairing(world.db, typed, "pane").issued.key.startswith("cd_")


def test_a_code_is_good_once(world: World) -> None:
    code, _ = code_of(world, Scope.DECKS)
    finish_pairing(world.db, code.code, "pane")
    with pytest.raises(PairingCodeError):
        finish_pairing(world.db, code.code, "again")


def test_a_code_grows_old(world: World) -> None:
    code, _ = code_of(world, Scope.DECKS)
    world.clock.forward(seconds=LIVES.total_seconds())
    with pytest.raises(PairingCodeError):
        finish_pairing(world.db, code.code, "pane")


def test_a_code_dies_with_the_key_that_made_it(world: World) -> None:
    code, key_id = code_of(world, Scope.DECKS)
    revoke_key(world.db, world.tenant_id, key_id)
    with pytest.raises(PairingCodeError):
        finish_pairing(world.db, code.code, "pane")


def test_a_key_without_what_the_pane_needs_gets_no_code(world: World) -> None:
    with pytest.raises(PairingCodeError, match="neither scope"):
        code_of(world, Scope.JOBS_READ)
