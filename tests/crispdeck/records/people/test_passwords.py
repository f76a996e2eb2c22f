"""Which passwords will do, and how they are compared."""

import pytest

from crispdeck.errors import InvalidRequestError, LimitReachedError
from crispdeck.records.people import passwords
from crispdeck.records.people.passwords import (
    HASHES_AT_ONCE,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    check_choice,
    fits,
    hashed,
    new_password,
)
from tests.cheap_passwords import cheap_passwords

__all__ = ["cheap_passwords"]

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_a_password_that_is_made_will_do_and_no_two_are_alike() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_choice(password, "anna")


@pytest.mark.parametrize(
    "password",
    [
        "x" * (SHORTEST_PASSWORD - 1),
        "kq7v-" * LONGEST_PASSWORD,
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "qwertyuiop123456",
        "correcthorsebatterystaple",
        "P@ssw0rd!P@ssw0rd!",
        "annaschmidt-2026-anna",
    ],
)
def test_what_anybody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidRequestError):
        check_choice(password, "annaschmidt")


def test_a_password_fits_its_own_hash_alone() -> None:
    stored = hashed("grey otter under lamp")
    assert fits(stored, "grey otter under lamp")
    assert not fits(stored, "grey otter under lam")
    assert not fits(None, "grey otter under lamp")
    assert not fits("no hash at all", "grey otter under lamp")


def test_only_so_many_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASH_PATIENCE_S", 0.01)
    for _ in range(HASHES_AT_ONCE):
        assert passwords._places.acquire(timeout=1)
    try:
        with pytest.raises(LimitReachedError):
            fits(None, "grey otter under lamp")
    finally:
        for _ in range(HASHES_AT_ONCE):
            passwords._places.release()
