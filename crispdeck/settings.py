"""One frozen Settings, read from the environment here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_origin

from crispdeck.errors import SettingsError

ENV_PREFIX = "CRISPDECK_"


def _setting(default: Any, meaning: str) -> Any:
    """Make a field whose meaning `crispdeck settings` and the docs can print."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that can be set; every field is `CRISPDECK_` + its name in capitals.

    The defaults are the embedded stack: filesystem broker, SQLite, a folder, the CPU.
    """

    data_dir: Path = _setting(Path("~/.crispdeck"), "where the embedded stack keeps its files")
    database_url: str = _setting("", "SQLAlchemy URL; empty: SQLite in data_dir")
    broker_url: str = _setting("", "Celery broker, redis://…; empty: files in data_dir")
    storage_url: str = _setting("", "s3://bucket[/prefix]; empty: a folder in data_dir")

    s3_endpoint_url: str = _setting("", "endpoint of an S3 server that is not AWS")
    s3_public_endpoint_url: str = _setting("", "endpoint that browsers reach, for presigned URLs")
    s3_region: str = _setting("us-east-1", "S3 region")
    s3_access_key: str = _setting("", "S3 access key; empty: boto3's own search")
    s3_secret_key: str = _setting("", "S3 secret key")
    s3_addressing_style: str = _setting("path", "path or virtual")
    s3_checksum_mode: str = _setting("when_required", "when_required or when_supported")

    host: str = _setting("127.0.0.1", "address that the web server listens on")
    port: int = _setting(8000, "port that the web server listens on")
    web_threads: int = _setting(64, "requests (event streams included) served at once")
    trusted_proxies: int = _setting(0, "reverse proxies in front of the web server")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")

    max_deck_bytes: int = _setting(200 * 2**20, "largest deck taken")
    max_deck_entries: int = _setting(10_000, "most zip entries in a deck")
    max_part_bytes: int = _setting(512 * 2**20, "largest media part, unpacked")
    max_xml_bytes: int = _setting(32 * 2**20, "largest XML part, unpacked")
    max_unpacked_bytes: int = _setting(2 * 2**30, "whole deck, unpacked")
    max_picture_bytes: int = _setting(20 * 2**20, "largest single picture taken")
    max_input_px: int = _setting(16_000_000, "most pixels of a picture to upscale")
    max_output_px: int = _setting(64_000_000, "most pixels of an upscaled picture")
    requests_per_minute: int = _setting(600, "requests per minute and key; 0: no limit")
    max_open_jobs: int = _setting(100, "unfinished deck jobs per tenant; 0: no limit")
    max_storage_bytes: int = _setting(20 * 2**30, "bytes kept per tenant; 0: no limit")
    retention_days: float = _setting(7.0, "days until decks and results are deleted")

    device: str = _setting("auto", "auto, cpu or cuda")
    dtype: str = _setting("auto", "auto, float32 or bfloat16")
    torch_threads: int = _setting(0, "CPU threads of the network; 0: all cores")
    batch_pictures: int = _setting(8, "most pictures in one network call")
    batch_px: int = _setting(512 * 512, "most input pixels in one network call")

    lease_s: float = _setting(60.0, "a worker that is silent for so long loses its pictures")
    stale_queued_s: float = _setting(30.0, "a queued row without a taker is announced again")
    sweep_interval_s: float = _setting(10.0, "time between two sweeps")
    max_attempts: int = _setting(3, "lost attempts after which a picture fails")

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        _require(self.s3_addressing_style in {"path", "virtual"}, "s3_addressing_style")
        _require(
            self.s3_checksum_mode in {"when_required", "when_supported"}, "s3_checksum_mode"
        )
        _require(self.device in {"auto", "cpu", "cuda"}, "device")
        _require(self.dtype in {"auto", "float32", "bfloat16"}, "dtype")
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
        for item in fields(cls):
            raw = given.pop(ENV_PREFIX + item.name.upper(), None)
            if raw is not None and raw != "":
                values[item.name] = _parse(item.name, item.type, raw)
        if given:
            raise SettingsError(f"Unknown settings: {', '.join(sorted(given))}.")
        return cls(**values)

    @property
    def is_embedded(self) -> bool:
        """True when no broker is set: everything runs on this machine, from files."""
        return not self.broker_url

    @property
    def effective_database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'crispdeck.db'}"


def _parse(name: str, kind: Any, raw: str) -> Any:
    types = get_args(kind) if get_origin(kind) else (kind,)
    try:
        if bool in types:
            return {"1": True, "true": True, "0": False, "false": False}[raw.lower()]
        return types[0](raw)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{ENV_PREFIX}{name.upper()}={raw!r} is not a {types[0]}.") from error


def _require(condition: bool, name: str) -> None:  # noqa: FBT001 - one positional flag reads best
    if not condition:
        raise SettingsError(f"{ENV_PREFIX}{name.upper()} has a value that makes no sense.")
