"""What the functions of this room give: decks, batches, uploads and upscales."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crispdeck.records.rows import FromRow
from crispdeck.records.states import UploadState


@dataclass(frozen=True, kw_only=True)
class DeckRecord(FromRow):
    """An uploaded deck; its scan is fetched by `get_scan`."""

    id: str
    tenant_id: str
    name: str
    size_bytes: int
    sha256: str
    object_key: str
    brief: dict[str, Any] | None
    batch_id: str | None
    folder: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class BatchRecord(FromRow):
    """Decks that were handed in together."""

    id: str
    tenant_id: str
    options: dict[str, Any]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class UploadRecord(FromRow):
    """A deck on its way."""

    id: str
    tenant_id: str
    batch_id: str | None
    name: str
    folder: str
    size_bytes: int
    offset_bytes: int
    allow_signed: bool
    state: UploadState
    code: str | None
    detail: str | None
    deck_id: str | None
    created_at: datetime
    touched_at: datetime


@dataclass(frozen=True, kw_only=True)
class UpscaleRecord(FromRow):
    """An upscale that is there already."""

    id: str
    sha256: str
    network: str
    scale: int
    variant: str
    object_key: str
    object_sha256: str | None
    format: str
    width_px: int
    height_px: int
    size_bytes: int
    report: dict[str, Any]
