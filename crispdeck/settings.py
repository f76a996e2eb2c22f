"""One frozen Settings, read from the environment and checked here and nowhere else."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from crispdeck.data_folder import open_data_folder
from crispdeck.errors import FileAccessError, SettingsError
from crispdeck.setting_rules import (
    BUCKET_URL,
    BYTES,
    BYTES_IN_MEMORY,
    CLAIM_RULES,
    CONTACT,
    COUNT,
    COUNT_OR_UNLIMITED,
    DAYS,
    FILE,
    FOLDER,
    HOST,
    LEASE_SECONDS,
    NETWORKS,
    NO_SPACES,
    ONE_LINE,
    OPTIONAL_FOLDER,
    PIXELS,
    PROCESSES,
    REDIS_URL,
    REGION,
    SECONDS,
    SQL_URL,
    STORED_BYTES,
    THREADS,
    WEB_ORIGINS,
    WEB_URL,
    Between,
    OneOf,
    Rule,
)

OFFICE_HOSTS = (
    "https://*.officeapps.live.com https://*.office.com https://*.sharepoint.com "
    "https://onedrive.live.com https://*.cloud.microsoft"
)
"""Where PowerPoint on the web runs; the desktop programs frame nothing."""

ENV_PREFIX = "CRISPDECK_"
SET_BY_PROGRAM = "_CRISPDECK_SET_BY_PROGRAM"
"""Tells a process that we start which of its variables nobody but us has set; no setting."""

NOT_STARTED = 3
"""The exit status at which gunicorn gives up instead of starting another worker at once."""


MAX_PICTURE_S = 480.0
"""A task of the queue is cut off after 540 s; by then its pictures must have ended."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that can be set; every field is `CRISPDECK_` + its name in capitals.

    The defaults are the embedded stack: filesystem broker, SQLite, a folder, the CPU.
    """

    data_dir: Annotated[Path, "where the embedded stack keeps its files", FOLDER] = Path(
        "~/.crispdeck"
    )
    database_url: Annotated[
        str, "SQLAlchemy URL of the records; empty: SQLite in data_dir", SQL_URL
    ] = ""
    broker_url: Annotated[str, "Celery broker; empty: files in data_dir", REDIS_URL] = ""
    storage_url: Annotated[str, "S3 bucket and prefix; empty: a folder in data_dir", BUCKET_URL] = (
        ""
    )

    s3_endpoint_url: Annotated[str, "endpoint of an S3 server that is not AWS", WEB_URL] = ""
    s3_public_endpoint_url: Annotated[
        str, "endpoint that browsers reach, for presigned URLs", WEB_URL
    ] = ""
    s3_region: Annotated[str, "region of the S3 bucket", REGION] = "us-east-1"
    s3_access_key: Annotated[
        str, "S3 access key; empty: where boto3 finds one itself", NO_SPACES
    ] = ""
    s3_secret_key: Annotated[str, "secret that belongs to the S3 access key", NO_SPACES] = ""
    s3_addressing_style: Annotated[
        str,
        "how a bucket is named to the S3 server: in the path or as a host",
        OneOf(("path", "virtual")),
    ] = "path"
    s3_checksum_mode: Annotated[
        str, "when uploads carry a checksum", OneOf(("when_required", "when_supported"))
    ] = "when_required"

    host: Annotated[str, "address that the web server listens on", HOST] = "127.0.0.1"
    port: Annotated[
        int, "port that the web server listens on; 0: any that is free", Between(0, 65_535)
    ] = 8000
    web_threads: Annotated[
        int, "requests in work at once; those that only wait are not counted", THREADS
    ] = 64
    confined_processes: Annotated[
        int, "confined processes that look at decks and pictures for the web server", PROCESSES
    ] = 2
    trusted_proxies: Annotated[
        int, "reverse proxies in front of the web server", Between(0, 100)
    ] = 0
    tls_certificate_file: Annotated[
        str, "PEM file with the certificate; empty: plain HTTP", FILE
    ] = ""
    tls_key_file: Annotated[str, "PEM file with the key of that certificate", FILE] = ""
    oidc_issuer: Annotated[
        str, "OpenID Connect issuer for operators; empty: passwords only", WEB_URL
    ] = ""
    oidc_client_id: Annotated[str, "name of Crispdeck at the issuer", ONE_LINE] = ""
    oidc_client_secret: Annotated[str, "secret that belongs to the client id", ONE_LINE] = ""
    oidc_new_role: Annotated[
        str,
        "role of those who log in by OpenID for the first time; empty: none",
        OneOf(("", "viewer", "operator", "admin")),
    ] = ""
    metrics_key: Annotated[
        str, "bearer token that /metrics asks for; empty: it asks for none", NO_SPACES
    ] = ""
    oidc_pane_tenants: Annotated[
        str,
        "who may connect the task pane by OpenID, and to which tenant: CLAIM=VALUE:TENANT, by "
        "spaces; the first that fits counts; *:TENANT is everybody",
        CLAIM_RULES,
    ] = ""
    oidc_pane_days: Annotated[
        float, "days until who connected the pane by OpenID has to sign in again", DAYS
    ] = 30.0
    support_contact: Annotated[
        str, "e-mail or web address that people who need help are given", CONTACT
    ] = ""
    webhook_networks: Annotated[
        str,
        "private networks that webhooks may go to, over http too, by spaces; empty: none",
        NETWORKS,
    ] = ""
    log_level: Annotated[
        str,
        "the least important lines that are logged",
        OneOf(("DEBUG", "INFO", "WARNING", "ERROR")),
    ] = "INFO"
    addin_dir: Annotated[
        str, "folder of the built task pane; empty: addin/dist beside web/", OPTIONAL_FOLDER
    ] = ""
    addin_hosts: Annotated[str, "origins that may frame the task pane, by spaces", WEB_ORIGINS] = (
        OFFICE_HOSTS
    )

    max_deck_bytes: Annotated[int, "largest deck taken", BYTES] = 200 * 2**20
    max_deck_entries: Annotated[int, "most zip entries in a deck", COUNT] = 10_000
    max_part_bytes: Annotated[int, "largest media part, unpacked", BYTES] = 512 * 2**20
    max_xml_bytes: Annotated[int, "largest XML part, unpacked", BYTES_IN_MEMORY] = 32 * 2**20
    max_unpacked_bytes: Annotated[int, "whole deck, unpacked", BYTES] = 2 * 2**30
    max_picture_bytes: Annotated[int, "largest single picture taken", BYTES_IN_MEMORY] = 20 * 2**20
    max_input_px: Annotated[int, "most pixels of a picture to upscale", PIXELS] = 16_000_000
    max_output_px: Annotated[int, "most pixels of an upscaled picture", PIXELS] = 64_000_000
    requests_per_minute: Annotated[
        int, "requests per minute and key; 0: no limit", COUNT_OR_UNLIMITED
    ] = 600
    max_open_jobs: Annotated[
        int, "unfinished deck jobs per tenant; 0: no limit", COUNT_OR_UNLIMITED
    ] = 100
    max_storage_bytes: Annotated[int, "bytes kept per tenant; 0: no limit", STORED_BYTES] = (
        20 * 2**30
    )
    retention_days: Annotated[float, "days until decks and results are deleted", DAYS] = 7.0

    crispness: Annotated[
        float, "steepness of edges unless asked otherwise; 0: soft", Between(0.0, 1.0)
    ] = 0.3
    device: Annotated[
        str, "what the network runs on; auto: CUDA if there is any", OneOf(("auto", "cpu", "cuda"))
    ] = "auto"
    dtype: Annotated[
        str,
        "what the network computes in; auto: bfloat16 where the hardware multiplies it",
        OneOf(("auto", "float32", "bfloat16")),
    ] = "auto"
    torch_threads: Annotated[int, "CPU threads of the network; 0: all cores", Between(0, 1024)] = 0
    batch_pictures: Annotated[
        int, "most pictures of a claim; half of them go into a network call", Between(1, 1024)
    ] = 8
    batch_px: Annotated[int, "most input pixels in one network call", PIXELS] = 512 * 512

    lease_s: Annotated[
        float, "a worker that is silent for so long loses its pictures", LEASE_SECONDS
    ] = 60.0
    stale_queued_s: Annotated[float, "a queued row without a taker is announced again", SECONDS] = (
        30.0
    )
    sweep_interval_s: Annotated[float, "time between two sweeps", SECONDS] = 10.0
    max_attempts: Annotated[int, "lost attempts after which a picture fails", Between(1, 100)] = 3
    outage_hours: Annotated[
        float, "hours that storage or database may be away before work fails", Between(0.01, 720.0)
    ] = 12.0
    picture_seconds: Annotated[
        float,
        "seconds that the work on one picture may take, decoding included",
        Between(1.0, MAX_PICTURE_S),
    ] = 180.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", _at_home(self.data_dir))
        faults = [*_faults(self)] or [*_contradictions(self)]
        if faults:
            raise SettingsError(" ".join(faults))

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (os.environ unless given).

        Raises:
            SettingsError: a value is none that its setting can have, two settings contradict each
                other, or a CRISPDECK_ name is not a setting.
        """
        env = os.environ if env is None else env
        known = {item.env_name for item in describe()}
        unknown = sorted(name for name in env if name.startswith(ENV_PREFIX) and name not in known)
        if unknown:
            raise SettingsError(f"There is no setting {' or '.join(unknown)}.")
        return cls(**given(env))

    @classmethod
    def of_server(cls) -> "Settings":
        """Read the environment as a server does that others start, such as gunicorn or Celery.

        A wrong setting ends the process with one line on standard error instead of a traceback.
        """
        try:
            settings = cls.from_env()
            if not (settings.broker_url and settings.database_url and settings.storage_url):
                open_data_folder(settings.data_dir)  # something of it is kept there
        except (SettingsError, FileAccessError) as error:
            sys.stderr.write(f"{error.message} [{error.code}]\n")
            raise SystemExit(NOT_STARTED) from error
        return settings

    def to_env(self) -> dict[str, str]:
        """Give the environment that `from_env` reads as these settings: for child processes."""
        return {
            _env(item.name): str(getattr(self, item.name))
            for item in fields(self)
            if getattr(self, item.name) != ""
        }

    def to_child_env(self) -> dict[str, str]:
        """Give our own environment with exactly these settings: for processes that we start.

        Defaults that nobody set stay away, so that a child can tell what was set, and by whom.
        """
        ours = {key: value for key, value in os.environ.items() if not key.startswith(ENV_PREFIX)}
        sources = {item.env_name: source_of(self, item) for item in describe()}
        passed_on = {
            key: value for key, value in self.to_env().items() if sources[key] is not Source.DEFAULT
        }
        by_us = [key for key in passed_on if sources[key] is Source.PROGRAM]
        return ours | passed_on | {SET_BY_PROGRAM: " ".join(by_us)}

    @property
    def is_embedded(self) -> bool:
        """True when no broker is set: everything runs on this machine, from files."""
        return not self.broker_url

    @property
    def has_tls(self) -> bool:
        """True when the web server itself speaks https, as a task pane needs."""
        return bool(self.tls_certificate_file)

    @property
    def effective_database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'crispdeck.db'}"


@dataclass(frozen=True)
class SettingDescription:
    """One setting as the documentation and `crispdeck settings` show it."""

    name: str
    type: type
    default: Any
    meaning: str
    rule: Rule

    @property
    def env_name(self) -> str:
        """The environment variable that sets it."""
        return _env(self.name)

    @property
    def is_secret(self) -> bool:
        """Never printed."""
        return self.name.endswith(("_key", "_secret")) or self.name in {
            "database_url",
            "broker_url",
        }


@cache
def describe() -> tuple[SettingDescription, ...]:
    """Return every setting in order, with its meaning and what it may be."""
    hints = get_type_hints(Settings, include_extras=True)
    described = []
    for item in fields(Settings):
        kind, meaning, rule = get_args(hints[item.name])
        described.append(SettingDescription(item.name, kind, item.default, meaning, rule))
    return tuple(described)


def given(env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the environment (os.environ) sets, by name, be it allowed or not.

    A value that is none of its setting's type stays a text, which no rule for a number allows.
    """
    env = os.environ if env is None else env
    return {
        item.name: _parsed(item, env[item.env_name])
        for item in describe()
        if env.get(item.env_name)
    }


class Source(StrEnum):
    """Where the value of a setting comes from; no file is read."""

    DEFAULT = "default"
    ENVIRONMENT = "environment"
    PROGRAM = "program"
    """Handed in past the environment: by an option of the command line, or by code."""


def source_of(
    settings: Settings, item: SettingDescription, env: Mapping[str, str] | None = None
) -> Source:
    """Tell where a setting in force comes from, looking at the environment (os.environ)."""
    env = os.environ if env is None else env
    value, raw = getattr(settings, item.name), env.get(item.env_name, "")
    if raw and item.env_name not in env.get(SET_BY_PROGRAM, "").split():
        return Source.ENVIRONMENT if _parsed(item, raw) == value else Source.PROGRAM
    if raw:
        return Source.PROGRAM
    is_default = value == getattr(Settings(), item.name)
    return Source.DEFAULT if is_default else Source.PROGRAM


def _parsed(item: SettingDescription, raw: str) -> Any:
    try:
        return item.type(raw)
    except ValueError:
        return raw


def _fault(item: SettingDescription, value: object) -> str:
    """Say in one sentence what is wrong and what would be right; no secret is repeated."""
    given = item.env_name if item.is_secret else f"{item.env_name}={value}"
    return f"{given} is not allowed; it must be {item.rule}."


def _faults(settings: Settings) -> Iterator[str]:
    """Check each setting by itself."""
    for item in describe():
        value = getattr(settings, item.name)
        if not item.rule.allows(value):
            yield _fault(item, value)


def _contradictions(settings: Settings) -> Iterator[str]:
    """Check the settings that hang together: what each allows alone must be possible at once."""
    for one, other in (
        ("tls_certificate_file", "tls_key_file"),
        ("s3_access_key", "s3_secret_key"),
    ):
        if bool(getattr(settings, one)) != bool(getattr(settings, other)):
            yield f"{_env(one)} and {_env(other)} belong together; set both or neither."
    for needs, needed in (
        ("oidc_issuer", "oidc_client_id"),
        ("oidc_pane_tenants", "oidc_issuer"),
        ("s3_endpoint_url", "storage_url"),
        ("s3_public_endpoint_url", "storage_url"),
    ):
        if getattr(settings, needs) and not getattr(settings, needed):
            yield f"{_env(needs)} needs {_env(needed)}; set that too."
    for part, whole in (
        ("max_deck_bytes", "max_unpacked_bytes"),
        ("max_xml_bytes", "max_unpacked_bytes"),
    ):
        most = getattr(settings, whole)
        if getattr(settings, part) > most:
            yield f"{_env(part)} must be at most {_env(whole)}, which is {most:,}."


def _env(name: str) -> str:
    return ENV_PREFIX + name.upper()


def _at_home(folder: Path) -> Path:
    """Make a folder absolute, `~` included.

    Raises:
        SettingsError: `~name` names somebody who has no home here.
    """
    try:
        return folder.expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{_env('data_dir')}={folder}: there is no such home.") from error
