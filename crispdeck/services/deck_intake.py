"""Take a deck in: through the gate, scanned, stored, recorded."""

import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from crispdeck.deck.names import deck_type
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import (
    LimitReachedError,
)
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import stored_bytes
from crispdeck.records.shelf.decks import create_deck
from crispdeck.services.platform import Platform
from crispdeck.storage import deck_key

MAX_NAME_LENGTH = 200  # characters; file systems take 255 bytes, and "-crisp" is added later
MAX_FOLDER_LENGTH = 500  # characters; half of the column `deck.folder`, as long as any real path
_CONTROLS = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True)
class Origin:
    """Where a deck comes from, besides its name."""

    batch_id: str | None = None
    folder: str = ""
    upload_id: str | None = None
    """The upload that becomes this deck."""


def receive_deck(
    platform: Platform,
    tenant_id: str,
    file: BinaryIO,
    name: str,
    options: ScanOptions,
    *,
    allow_signed: bool = False,
    origin: Origin = Origin(),
) -> str:
    """Check, scan, store and record a deck; return its id.

    Args:
        file: the upload, seekable, wherever it stands.
        name: what the caller calls it; kept for people, never used as a path.

    Raises:
        DeckRefusedError: not a deck, or one that may not be touched.
        LimitReachedError: the tenant's space is full.
        NotFoundError, GoneError: no such batch or upload of this tenant.
        ConflictError: the upload has ended.
    """
    found = platform.untrusted.admit(file, options, whose=tenant_id, allow_signed=allow_signed)
    size_bytes = found.size_bytes
    if origin.upload_id is None:  # an upload's space is kept for it from its begin
        check_space(platform, tenant_id, size_bytes)
    allowed = platform.allowances(tenant_id)
    deck_id = new_id()
    key = deck_key(tenant_id, deck_id)
    file.seek(0)
    platform.store.put(key, file, content_type=deck_type(name))
    try:
        create_deck(
            platform.db,
            tenant_id,
            name=clean_name(name),
            size_bytes=size_bytes,
            sha256=found.sha256,
            object_key=key,
            scan_json=found.scan_json,
            retention_days=allowed.retention_days,
            deck_id=deck_id,
            brief=found.brief,
            batch_id=origin.batch_id,
            folder=origin.folder,
            upload_id=origin.upload_id,
            max_stored_bytes=allowed.max_storage_bytes,
        )
    except BaseException:
        platform.store.delete([key])
        raise
    return deck_id


def clean_name(name: str) -> str:
    """Keep what people recognise of a file name: its last part, printable, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = _CONTROLS.sub("", last).encode("utf-8", "replace").decode().strip()
    return clean[-MAX_NAME_LENGTH:] or "deck.pptx"


def clean_folder(path: str) -> str:
    """Keep the names of a relative path; what would lead elsewhere is left out."""
    names = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    clean = (_CONTROLS.sub("", name).encode("utf-8", "replace").decode().strip() for name in names)
    kept: list[str] = []
    left = MAX_FOLDER_LENGTH
    for name in clean:
        # A name that is cut may become one that leads elsewhere, so all of it is left out.
        if name not in {"", ".", ".."} and len(name) < left:
            kept.append(name)
            left -= len(name) + 1
    return "/".join(kept)


def check_space(platform: Platform, tenant_id: str, more_bytes: int) -> None:
    """Refuse before anything is stored; the record checks again under a lock."""
    most = platform.allowances(tenant_id).max_storage_bytes
    if most and stored_bytes(platform.db, tenant_id) + more_bytes > most:
        raise LimitReachedError(
            f"This would bring what you keep over {most:,} bytes. Delete some decks.",
            retry_after_s=3600,
        )
