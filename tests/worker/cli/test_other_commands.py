"""Keys and settings, and the commands that hand over to others."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crispdeck.jobs.accounts import Scope, find_key
from crispdeck.jobs.database import Database
from crispdeck.settings import Settings, describe

Cli = Callable[..., Any]


class TestKey:
    def test_a_new_key_is_shown_once_and_works(self, cli: Cli, data_dir: Path) -> None:
        ran = cli("key", "new", "my laptop")
        assert ran.code == 0
        key = ran.out.strip()
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        caller = find_key(database, key)
        assert caller is not None
        assert caller.scopes == set(Scope) - {Scope.ADMIN}
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


class TestSettings:
    def test_every_setting_is_listed_with_its_meaning(self, cli: Cli) -> None:
        ran = cli("settings")
        assert ran.code == 0
        for item in describe():
            assert item.env_name in ran.out

    def test_secrets_are_hidden(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRISPDECK_S3_SECRET_KEY", "hush")
        monkeypatch.setenv("CRISPDECK_DATABASE_URL", "postgresql+psycopg://u:hush@db/x")
        ran = cli("settings")
        assert "hush" not in ran.out
        assert ran.out.count("(set, hidden)") == 2


class TestHandingOver:
    def test_train_passes_its_arguments_on(self, capfd: pytest.CaptureFixture[str]) -> None:
        from worker.cli.program import run

        with pytest.raises(SystemExit) as ended:
            run(["train", "--help"])
        assert ended.value.code == 0
        assert "--photos" in capfd.readouterr().out

    def test_bench_knows_its_benchmarks(self, cli: Cli) -> None:
        ran = cli("bench", "none")
        assert ran.code == 2
        assert "quality" in ran.err

    def test_serve_says_when_its_port_is_taken(self, cli: Cli) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ran = cli("serve", "--port", taken.getsockname()[1])
        assert ran.code == 1
        assert "[serve_impossible]" in ran.err
