"""One frozen Settings, read from the environment here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from crispdeck.errors import SettingsError

OFFICE_HOSTS = (
    "https://*.officeapps.live.com https://*.office.com https://*.sharepoint.com "
    "https://onedrive.live.com https://*.cloud.microsoft"
)
"""Where PowerPoint on the web runs; the desktop programs frame nothing."""

ENV_PREFIX = "CRISPDECK_"
SET_BY_PROGRAM = "_CRISPDECK_SET_BY_PROGRAM"
"""Tells a process that we start which of its variables nobody but us has set; no setting."""


MAX_PICTURE_S = 480.0
"""A task of the queue is cut off after 540 s; by then its pictures must have ended."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that can be set; every field is `CRISPDECK_` + its name in capitals.

    The defaults are the embedded stack: filesystem broker, SQLite, a folder, the CPU.
    """

    data_dir: Annotated[Path, "where the embedded stack keeps its files"] = Path("~/.crispdeck")
    database_url: Annotated[str, "SQLAlchemy URL; empty: SQLite in data_dir"] = ""
    broker_url: Annotated[str, "Celery broker, redis://…; empty: files in data_dir"] = ""
    storage_url: Annotated[str, "s3://bucket[/prefix]; empty: a folder in data_dir"] = ""

    s3_endpoint_url: Annotated[str, "endpoint of an S3 server that is not AWS"] = ""
    s3_public_endpoint_url: Annotated[str, "endpoint that browsers reach, for presigned URLs"] = ""
    s3_region: Annotated[str, "region of the S3 bucket"] = "us-east-1"
    s3_access_key: Annotated[str, "S3 access key; empty: where boto3 finds one itself"] = ""
    s3_secret_key: Annotated[str, "secret that belongs to the S3 access key"] = ""
    s3_addressing_style: Annotated[str, "path or virtual"] = "path"
    s3_checksum_mode: Annotated[str, "when_required or when_supported"] = "when_required"

    host: Annotated[str, "address that the web server listens on"] = "127.0.0.1"
    port: Annotated[int, "port that the web server listens on"] = 8000
    web_threads: Annotated[int, "requests (event streams included) served at once"] = 64
    trusted_proxies: Annotated[int, "reverse proxies in front of the web server"] = 0
    tls_certificate_file: Annotated[str, "PEM file with the certificate; empty: plain HTTP"] = ""
    tls_key_file: Annotated[str, "PEM file with the key of that certificate"] = ""
    oidc_issuer: Annotated[str, "OpenID Connect issuer for operators; empty: passwords only"] = ""
    oidc_client_id: Annotated[str, "what the issuer knows Crispdeck by"] = ""
    oidc_client_secret: Annotated[str, "secret that belongs to the client id"] = ""
    oidc_new_role: Annotated[str, "role of who comes by OpenID for the first time; empty: none"] = (
        ""
    )
    log_level: Annotated[str, "DEBUG, INFO, WARNING or ERROR"] = "INFO"
    addin_dir: Annotated[str, "folder of the built task pane; empty: addin/dist beside web/"] = ""
    addin_hosts: Annotated[str, "origins that may frame the task pane, by spaces"] = OFFICE_HOSTS

    max_deck_bytes: Annotated[int, "largest deck taken"] = 200 * 2**20
    max_deck_entries: Annotated[int, "most zip entries in a deck"] = 10_000
    max_part_bytes: Annotated[int, "largest media part, unpacked"] = 512 * 2**20
    max_xml_bytes: Annotated[int, "largest XML part, unpacked"] = 32 * 2**20
    max_unpacked_bytes: Annotated[int, "whole deck, unpacked"] = 2 * 2**30
    max_picture_bytes: Annotated[int, "largest single picture taken"] = 20 * 2**20
    max_input_px: Annotated[int, "most pixels of a picture to upscale"] = 16_000_000
    max_output_px: Annotated[int, "most pixels of an upscaled picture"] = 64_000_000
    requests_per_minute: Annotated[int, "requests per minute and key; 0: no limit"] = 600
    max_open_jobs: Annotated[int, "unfinished deck jobs per tenant; 0: no limit"] = 100
    max_storage_bytes: Annotated[int, "bytes kept per tenant; 0: no limit"] = 20 * 2**30
    retention_days: Annotated[float, "days until decks and results are deleted"] = 7.0

    crispness: Annotated[float, "steepness of edges, 0 (soft) to 1, unless asked otherwise"] = 0.3
    device: Annotated[str, "auto, cpu or cuda"] = "auto"
    dtype: Annotated[str, "auto, float32 or bfloat16"] = "auto"
    torch_threads: Annotated[int, "CPU threads of the network; 0: all cores"] = 0
    batch_pictures: Annotated[int, "most pictures in one network call"] = 8
    batch_px: Annotated[int, "most input pixels in one network call"] = 512 * 512

    lease_s: Annotated[float, "a worker that is silent for so long loses its pictures"] = 60.0
    stale_queued_s: Annotated[float, "a queued row without a taker is announced again"] = 30.0
    sweep_interval_s: Annotated[float, "time between two sweeps"] = 10.0
    max_attempts: Annotated[int, "lost attempts after which a picture fails"] = 3
    outage_hours: Annotated[float, "storage or database away for so long is a failure"] = 12.0
    picture_seconds: Annotated[float, "longest work on one picture, decoding included"] = 180.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        _require(bool(self.tls_certificate_file) == bool(self.tls_key_file), "tls_key_file")
        _require(self.s3_addressing_style in {"path", "virtual"}, "s3_addressing_style")
        _require(self.s3_checksum_mode in {"when_required", "when_supported"}, "s3_checksum_mode")
        _require(0 <= self.crispness <= 1, "crispness")
        _require(0 < self.picture_seconds <= MAX_PICTURE_S, "picture_seconds")
        _require(self.device in {"auto", "cpu", "cuda"}, "device")
        _require(self.dtype in {"auto", "float32", "bfloat16"}, "dtype")
        _require(self.oidc_new_role in {"", "viewer", "operator", "admin"}, "oidc_new_role")
        _require(not self.storage_url or self.storage_url.startswith("s3://"), "storage_url")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (os.environ unless given).

        Raises:
            SettingsError: a value does not parse, or a CRISPDECK_ name is not a setting.
        """
        env = os.environ if env is None else env
        given = {k: v for k, v in env.items() if k.startswith(ENV_PREFIX)}
        values: dict[str, Any] = {}
        for item in describe():
            raw = given.pop(item.env_name, "")
            if raw:
                values[item.name] = _parse(item, raw)
        if given:
            raise SettingsError(f"Unknown settings: {', '.join(sorted(given))}.")
        return cls(**values)

    def to_env(self) -> dict[str, str]:
        """Give the environment that `from_env` reads as these settings: for child processes."""
        return {
            ENV_PREFIX + item.name.upper(): str(getattr(self, item.name))
            for item in fields(self)
            if getattr(self, item.name) != ""
        }

    def to_child_env(self) -> dict[str, str]:
        """Give our own environment with exactly these settings: for processes that we start.

        Defaults that nobody set stay away, so that a child can tell what was set, and by whom.
        """
        ours = {key: value for key, value in os.environ.items() if not key.startswith(ENV_PREFIX)}
        sources = {item.env_name: source_of(self, item) for item in describe()}
        told = {
            key: value for key, value in self.to_env().items() if sources[key] is not Source.DEFAULT
        }
        by_us = [key for key in told if sources[key] is Source.PROGRAM]
        return ours | told | {SET_BY_PROGRAM: " ".join(by_us)}

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

    @property
    def env_name(self) -> str:
        """The environment variable that sets it."""
        return ENV_PREFIX + self.name.upper()

    @property
    def is_secret(self) -> bool:
        """Never printed."""
        return self.name.endswith(("_key", "_secret")) or self.name in {
            "database_url",
            "broker_url",
        }


def describe() -> tuple[SettingDescription, ...]:
    """Return every setting in order, with its meaning."""
    hints = get_type_hints(Settings, include_extras=True)
    described = []
    for item in fields(Settings):
        kind, meaning = get_args(hints[item.name])
        described.append(SettingDescription(item.name, kind, item.default, meaning))
    return tuple(described)


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
        return Source.ENVIRONMENT if _parse(item, raw) == value else Source.PROGRAM
    if raw:
        return Source.PROGRAM
    is_default = value == getattr(Settings(), item.name)
    return Source.DEFAULT if is_default else Source.PROGRAM


def _parse(item: SettingDescription, raw: str) -> Any:
    try:
        return item.type(raw)
    except ValueError as error:
        raise SettingsError(f"{item.env_name}={raw!r} is not a {item.type.__name__}.") from error


def _require(condition: bool, name: str) -> None:
    if not condition:
        raise SettingsError(f"{ENV_PREFIX}{name.upper()} has a value that makes no sense.")
