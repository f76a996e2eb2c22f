"""`crispdeck operator`: who may log in at /admin, made and disabled on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crispdeck.records.database import Database
from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.operators import check_password
from crispdeck.settings import Settings

Cli = Callable[..., Any]


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
