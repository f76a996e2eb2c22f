"""Take in what callers hand over: a deck through gate and scan, a picture by its header."""

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from crispdeck.deck.model import ScanOptions
from crispdeck.deck.opc.archive import DeckLimits, open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_to_json
from crispdeck.deck.scan_summary import brief_of
from crispdeck.errors import (
    LimitReachedError,
    PictureTooLargeError,
    UnsupportedPictureError,
)
from crispdeck.picture.info import PictureInfo
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import stored_bytes
from crispdeck.records.shelf.decks import create_deck
from crispdeck.records.work.values import NewPicture
from crispdeck.storage import deck_key, picture_key
from web.answers import deck_type
from web.engine import Engine

MAX_NAME_LENGTH = 200
MAX_FOLDER_LENGTH = 500
_CONTROLS = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True)
class Origin:
    """Where a deck comes from, besides its name."""

    batch_id: str | None = None
    folder: str = ""
    upload_id: str | None = None
    """The upload that becomes this deck."""


def receive_deck(
    engine: Engine,
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
    settings = engine.settings
    limits = DeckLimits.of(settings)
    with open_deck(file, limits=limits, allow_signed=allow_signed) as deck:
        found = scan(deck, options)
        sha256, size_bytes = deck.sha256, deck.size
    if origin.upload_id is None:  # an upload's space is kept for it from its begin
        check_space(engine, tenant_id, size_bytes)
    allowed = engine.allowances(tenant_id)
    deck_id = new_id()
    key = deck_key(tenant_id, deck_id)
    file.seek(0)
    engine.store.put(key, file, content_type=deck_type(name))
    try:
        create_deck(
            engine.db,
            tenant_id,
            name=clean_name(name),
            size_bytes=size_bytes,
            sha256=sha256,
            object_key=key,
            scan_json=scan_to_json(found),
            retention_days=allowed.retention_days,
            deck_id=deck_id,
            brief=brief_of(found),
            batch_id=origin.batch_id,
            folder=origin.folder,
            upload_id=origin.upload_id,
            max_stored_bytes=allowed.max_storage_bytes,
        )
    except BaseException:
        engine.store.delete([key])
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
    return "/".join(name for name in clean if name not in {"", ".", ".."})[:MAX_FOLDER_LENGTH]


def check_space(engine: Engine, tenant_id: str, more_bytes: int) -> None:
    """Refuse before anything is stored; the record checks again under a lock."""
    most = engine.allowances(tenant_id).max_storage_bytes
    if most and stored_bytes(engine.db, tenant_id) + more_bytes > most:
        raise LimitReachedError(
            f"This would bring what you keep over {most:,} bytes. Delete some decks.",
            retry_after_s=3600,
        )


@dataclass(frozen=True)
class Wish:
    """At what size a picture is shown, or by how much it shall grow."""

    shown_width_in: float | None
    shown_height_in: float | None
    scale: int | None
    target_ppi: float
    low_ppi: float
    force: bool

    def ppi(self, info: PictureInfo) -> float | None:
        """Return the pixels per inch on the slide: the lower of the two axes that are known."""
        axes = []
        if self.shown_width_in:
            axes.append(info.width_px / self.shown_width_in)
        if self.shown_height_in:
            axes.append(info.height_px / self.shown_height_in)
        return min(axes, default=None)

    def scale_for(self, info: PictureInfo) -> int | None:
        """Return 2 or 4; None where the picture is sharp enough as it is."""
        if self.scale:
            return self.scale
        ppi = self.ppi(info)
        if ppi is None:
            return 4
        if ppi >= self.low_ppi and not self.force:
            return None
        return 2 if math.ceil(self.target_ppi / ppi) <= 2 else 4


def receive_picture(
    engine: Engine, tenant_id: str, blob: bytes, info: PictureInfo, scale: int
) -> NewPicture:
    """Check and store a picture for a job of its own.

    Raises:
        PictureRefusedError: too many pixels, or several frames.
        LimitReachedError: the tenant's space is full.
    """
    settings = engine.settings
    if info.frames > 1:
        raise UnsupportedPictureError("Animations and files of several pages are left alone.")
    if info.px > settings.max_input_px or info.px * scale * scale > settings.max_output_px:
        raise PictureTooLargeError(
            f"{info.width_px} × {info.height_px} pixels are too many for ×{scale}: at most "
            f"{settings.max_input_px:,} may come in and {settings.max_output_px:,} go out."
        )
    check_space(engine, tenant_id, len(blob))
    sha256 = hashlib.sha256(blob).hexdigest()
    key = picture_key(tenant_id, new_id(), sha256)
    engine.store.put(key, blob, content_type=info.format.content_type)
    return NewPicture(
        parts=(),
        sha256=sha256,
        source_key=key,
        source_format=info.format.value,
        source_bytes=len(blob),
        width_px=info.width_px,
        height_px=info.height_px,
        scale=scale,
    )
