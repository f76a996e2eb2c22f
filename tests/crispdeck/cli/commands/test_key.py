"""`crispdeck key`: shown once, listed without the secret, revoked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, find_key
from crispdeck.settings import Settings

Cli = Callable[..., Any]


class TestKey:
    def test_a_new_key_is_shown_once_and_works(self, cli: Cli, data_dir: Path) -> None:
        ran = cli("key", "new", "my laptop")
        assert ran.code == 0
        key = ran.out.strip()
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        caller = find_key(database, key)
        assert caller is not None
        assert caller.scopes == set(Scope) - {Scope.ADMIN, Scope.CONNECT, Scope.REVIEW}
        listed = cli("key", "list").out
        assert "my laptop" in listed
        assert key not in listed

    def test_a_revoked_key_is_unknown(self, cli: Cli, data_dir: Path) -> None:
        key = cli("key", "new", "lost", "--scope", "admin").out.strip()
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        caller = find_key(database, key)
        assert caller is not None
        assert caller.scopes == {Scope.ADMIN}
        assert cli("key", "revoke", caller.key_id).code == 0
        assert find_key(database, key) is None
        assert "revoked" in cli("key", "list").out

    def test_an_unknown_key_cannot_be_revoked(self, cli: Cli) -> None:
        ran = cli("key", "revoke", "nothing")
        assert ran.code == 1
        assert "[not_found]" in ran.err

    def test_with_several_tenants_one_must_be_named(self, cli: Cli) -> None:
        assert cli("key", "new", "a", "--tenant", "sales").code == 0
        assert cli("key", "new", "b", "--tenant", "training").code == 0
        assert cli("key", "new", "c").code == 2
        assert cli("key", "new", "c", "--tenant", "sales").code == 0
        listed = cli("key", "list").out
        assert listed.count("sales") == 2
        assert listed.count("training") == 1
