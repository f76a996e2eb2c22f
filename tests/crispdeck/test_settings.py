"""Settings come from the environment, in one place, and refuse what makes no sense."""

import os
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest

from crispdeck.errors import SettingsError
from crispdeck.setting_rules import Between, OneOf
from crispdeck.settings import SettingDescription, Settings, Source, describe, source_of


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


TEXTS_REFUSED = {
    "database_url": [
        "mysql://host/db",
        "postgres://host/db",
        "sqlite://",
        "postgresql://h:65536/d",
    ],
    "broker_url": ["amqp://host", "redis", "redis://host:99999/0", "redis://host/cache"],
    "storage_url": ["ftp://somewhere", "s3://", "bucket"],
    "s3_endpoint_url": ["storage:9000", "http://", "http://a b"],
    "s3_public_endpoint_url": ["localhost"],
    "s3_region": ["us east 1"],
    "s3_access_key": ["two words"],
    "s3_secret_key": ["two words"],
    "metrics_key": ["two words"],
    "host": ["http://127.0.0.1", "two hosts"],
    "oidc_issuer": ["login.example.org"],
    "oidc_client_id": ["two\nlines"],
    "oidc_client_secret": ["two\nlines"],
    "oidc_pane_tenants": ["acme", "tid=1", "*:two words"],
    "webhook_networks": ["intranet", "10.0.0.0/33", "https://10.0.0.1"],
    "support_contact": ["help desk", "http://help.test", "help@"],
    "addin_hosts": ["office.com", "https://a.test; script-src *", "https://a.test/path"],
}
ANY_TEXT = {"data_dir", "tls_certificate_file", "tls_key_file", "addin_dir"}
"""Names of files and folders: every text is one."""


def refused_values(item: SettingDescription) -> list[str]:
    """Give values that the setting must not take, by the kind of its rule."""
    match item.rule:
        case Between(low, high):
            return [str(low - 1), str(high + 1), "nan", "inf", "-inf", "many", "0x10"]
        case OneOf():
            return ["abacus", "0"]
        case _:
            return TEXTS_REFUSED[item.name]


CHECKED = [item for item in describe() if item.name not in ANY_TEXT]
REFUSED = [(item, value) for item in CHECKED for value in refused_values(item)]


@pytest.mark.parametrize(("item", "value"), REFUSED, ids=lambda each: getattr(each, "name", each))
def test_what_is_not_allowed_is_named_with_what_would_be(
    item: SettingDescription, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({item.env_name: value})
    assert item.env_name in refused.value.message
    assert str(item.rule) in refused.value.message
    assert (f"={value}" in refused.value.message) is not item.is_secret
    assert refused.value.code == "settings_invalid"


@pytest.mark.parametrize("item", describe(), ids=lambda item: item.name)
def test_every_default_and_both_ends_of_every_range_are_allowed(item: SettingDescription) -> None:
    values = [item.default]
    if isinstance(item.rule, Between):
        values += [item.rule.low, item.rule.high]
    elif isinstance(item.rule, OneOf):
        values += item.rule.words
    assert all(item.rule.allows(value) for value in values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "sqlite:////var/lib/crispdeck/records.db"),
        ("database_url", "postgresql+psycopg://crispdeck:x@postgres:5432/crispdeck"),
        ("database_url", "postgresql://u:p%40ss@[::1]:5432/db?sslmode=require"),
        ("database_url", "postgresql:///crispdeck?host=/run/postgresql"),
        ("broker_url", "redis://:password@redis:6379/0"),
        ("broker_url", "rediss://redis.example.org"),
        ("storage_url", "s3://bucket/some/prefix"),
        ("host", "::"),
        ("host", "fe80::1%eth0"),
        ("addin_hosts", "https://localhost:3000"),
        ("support_contact", "help@contoso.com"),
        ("support_contact", "https://contoso.com/help?about=crispdeck"),
    ],
)
def test_addresses_of_servers_are_allowed(name: str, value: str) -> None:
    assert getattr(Settings.from_env({f"CRISPDECK_{name.upper()}": value}), name) == value


def test_rules_for_who_may_connect_go_with_an_issuer() -> None:
    rules = "tid=4f0c-1:acme roles=Crispdeck.User:acme *:guests"
    settings = Settings(
        oidc_issuer="https://login.test", oidc_client_id="crispdeck", oidc_pane_tenants=rules
    )
    assert settings.oidc_pane_tenants == rules


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = {"CRISPDECK_RETENTION_DAYS": "-3", "CRISPDECK_LOG_LEVEL": "foo", "CRISPDECK_PORT": "x"}
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(wrong)
    assert all(name in refused.value.message for name in wrong)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"tls_key_file": "key.pem"}, "CRISPDECK_TLS_CERTIFICATE_FILE"),
        ({"tls_certificate_file": "cert.pem"}, "CRISPDECK_TLS_KEY_FILE"),
        ({"s3_access_key": "a"}, "CRISPDECK_S3_SECRET_KEY"),
        ({"s3_secret_key": "a"}, "CRISPDECK_S3_ACCESS_KEY"),
        ({"oidc_issuer": "https://login.test"}, "CRISPDECK_OIDC_CLIENT_ID"),
        ({"oidc_pane_tenants": "*:acme"}, "CRISPDECK_OIDC_ISSUER"),
        ({"s3_endpoint_url": "http://storage:9000"}, "CRISPDECK_STORAGE_URL"),
        ({"s3_public_endpoint_url": "http://storage:9000"}, "CRISPDECK_STORAGE_URL"),
        ({"max_deck_bytes": 2**40}, "CRISPDECK_MAX_UNPACKED_BYTES"),
        ({"max_unpacked_bytes": 2**20}, "CRISPDECK_MAX_XML_BYTES"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(given: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings(**given)


def test_a_home_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match="no such home"):
        Settings.from_env({"CRISPDECK_DATA_DIR": "~nobody-of-this-name/data"})


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(["celery", "-A", "worker.app", "report"], id="Celery"),
        pytest.param(
            ["gunicorn", "--bind", "127.0.0.1:0", "web.serving.worker:create_server()"],
            id="gunicorn",
        ),
        pytest.param(["crispdeck.cli", "serve"], id="crispdeck serve"),
        pytest.param(["crispdeck.cli", "settings"], id="crispdeck settings"),
    ],
)
def test_a_program_ends_with_one_line_and_no_traceback(server: list[str], tmp_path: Path) -> None:
    wrong = {"CRISPDECK_LOG_LEVEL": "foo", "CRISPDECK_DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", *server],
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode not in {0, -9}
    assert "CRISPDECK_LOG_LEVEL=foo is not allowed" in ended.stderr
    assert "DEBUG, INFO, WARNING or ERROR" in ended.stderr
    assert "[settings_invalid]" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


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
