"""Argon2 with its least cost: tests try many passwords, and none of them is worth a guess."""

import pytest
from argon2 import PasswordHasher

from crispdeck.records.people import passwords


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash quickly while the test runs."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)
    passwords._hash_of_nothing.cache_clear()
