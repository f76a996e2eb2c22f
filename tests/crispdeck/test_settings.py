"""Settings come from the environment, in one place, and refuse what makes no sense."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from crispdeck.errors import SettingsError
from crispdeck.settings import Settings, Source, describe, source_of


def test_the_defaults_are_the_embedded_stack(tmp_path: Path) -> None:
    settings = Settings.from_env({"CRISPDECK_DATA_DIR": str(tmp_path)})

    assert settings.is_embedded
    assert settings.effective_database_url == f"sqlite:///{tmp_path}/crispdeck.db"
    assert settings.storage_url == ""


def test_numbers_are_parsed_to_their_type() -> None:
    settings = Settings.from_env({"CRISPDECK_PORT": "9001", "CRISPDECK_LEASE_S": "2.5"})

    assert (settings.port, settings.lease_s) == (9001, 2.5)


def test_an_empty_variable_means_the_default() -> None:
    assert Settings.from_env({"CRISPDECK_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRISPDECK_PORT", "eighty"),
        ("CRISPDECK_DEVICE", "abacus"),
        ("CRISPDECK_STORAGE_URL", "ftp://somewhere"),
        ("CRISPDECK_S3_ADDRESSING_STYLE", "sideways"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_a_misspelt_setting_is_not_silently_ignored() -> None:
    with pytest.raises(SettingsError, match="CRISPDECK_BROKR_URL"):
        Settings.from_env({"CRISPDECK_BROKR_URL": "redis://127.0.0.1"})


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_means_and_secrets_are_marked() -> None:
    described = {item.name: item for item in describe()}

    assert all(len(item.meaning) > 10 for item in described.values())
    assert described["s3_secret_key"].is_secret
    assert not described["port"].is_secret


def test_a_child_sees_exactly_these_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISPDECK_LEASE_S", "1")
    settings = Settings(data_dir=tmp_path, port=8123)

    env = settings.to_child_env()
    assert Settings.from_env(env) == settings
    described = {item.name: item for item in describe()}
    sources = {name: source_of(settings, item, env) for name, item in described.items()}
    assert {name for name, source in sources.items() if source is Source.PROGRAM} == {
        "data_dir",
        "port",
        "lease_s",
    }
    assert Source.ENVIRONMENT not in sources.values()


def test_a_child_and_its_own_child_know_an_option_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRISPDECK_LEASE_S", "20")
    env = replace(Settings.from_env(), port=8123).to_child_env()
    for _ in range(2):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        child = Settings.from_env()
        told = {item.name: source_of(child, item) for item in describe()}
        assert {name: source for name, source in told.items() if source is not Source.DEFAULT} == {
            "port": Source.PROGRAM,
            "lease_s": Source.ENVIRONMENT,
        }
        env = child.to_child_env()


def test_a_setting_knows_where_it_comes_from() -> None:
    settings = Settings.from_env({"CRISPDECK_PORT": "8000", "CRISPDECK_HOST": ""})
    port, host = (next(i for i in describe() if i.name == name) for name in ("port", "host"))
    assert source_of(settings, port, {"CRISPDECK_PORT": "8000"}) is Source.ENVIRONMENT
    assert source_of(settings, host, {"CRISPDECK_HOST": ""}) is Source.DEFAULT
    assert source_of(replace(settings, port=1), port, {}) is Source.PROGRAM
