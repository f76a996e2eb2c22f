"""`crispdeck settings`: every setting with its meaning, and no secret."""

from collections.abc import Callable
from typing import Any

import pytest

from crispdeck.cli.exits import Exit
from crispdeck.settings import describe

Cli = Callable[..., Any]


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
