"""Keys and settings, and the commands that hand over to others."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crispdeck.cli.exits import Exit
from crispdeck.records.database import Database
from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.keys import Scope, find_key
from crispdeck.records.people.operators import check_password
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


class TestOperator:
    def test_a_new_operator_can_log_in_with_what_is_shown(self, cli: Cli, data_dir: Path) -> None:
        ran = cli("operator", "new", "anna", "--role", "admin")
        assert ran.code == 0
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        found = check_password(database, "anna", ran.out.strip())
        assert found is not None
        assert found.role == "admin"
        listed = cli("operator", "list").out
        assert "anna" in listed
        assert ran.out.strip() not in listed

    def test_another_password_ends_the_old_one(self, cli: Cli, data_dir: Path) -> None:
        old = cli("operator", "new", "anna").out.strip()
        new = cli("operator", "password", "anna").out.strip()
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        assert check_password(database, "anna", old) is None
        assert check_password(database, "anna", new) is not None

    def test_who_is_shut_out_cannot_log_in_until_let_in(self, cli: Cli, data_dir: Path) -> None:
        cli("operator", "new", "boss", "--role", "admin")
        password = cli("operator", "new", "anna").out.strip()
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        assert cli("operator", "disable", "anna").code == 0
        assert check_password(database, "anna", password) is None
        assert cli("operator", "enable", "anna").code == 0
        assert check_password(database, "anna", password) is not None

    def test_the_last_administrator_cannot_be_shut_out(self, cli: Cli) -> None:
        cli("operator", "new", "boss", "--role", "admin")
        ran = cli("operator", "disable", "boss")
        assert (ran.code, "[conflict]" in ran.err) == (1, True)

    def test_what_the_command_line_does_is_audited(self, cli: Cli, data_dir: Path) -> None:
        cli("operator", "new", "anna")
        database = Database(Settings(data_dir=data_dir).effective_database_url)
        [entry] = list_audit(database).items
        assert (entry.action, entry.target) == ("operator.create", "anna")
        assert entry.actor.startswith("command line")


class TestSettings:
    def test_every_setting_is_listed_with_its_meaning(self, cli: Cli) -> None:
        ran = cli("settings")
        assert ran.code == 0
        for item in describe():
            assert item.env_name in ran.out

    def test_what_may_be_set_is_shown_even_where_a_value_is_wrong(
        self, cli: Cli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CRISPDECK_BATCH_PICTURES", "0")
        ran = cli("settings")
        assert ran.code == Exit.FAILED
        assert "a whole number from 1 to 1,024" in ran.out
        assert "CRISPDECK_BATCH_PICTURES=0" in ran.err

    def test_secrets_are_hidden(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRISPDECK_S3_ACCESS_KEY", "hush")
        monkeypatch.setenv("CRISPDECK_S3_SECRET_KEY", "hush")
        monkeypatch.setenv("CRISPDECK_DATABASE_URL", "postgresql+psycopg://u:hush@db/x")
        ran = cli("settings")
        assert "hush" not in ran.out
        assert ran.out.count("(set, hidden)") == 3


class TestHandingOver:
    def test_train_passes_its_arguments_on(self, capfd: pytest.CaptureFixture[str]) -> None:
        from crispdeck.cli.program import run

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
