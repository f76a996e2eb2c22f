"""Hands in decks and pictures as the web does: the object first, then its row, then the job."""

import hashlib
from dataclasses import replace

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_to_json
from crispdeck.picture.inspect import inspect
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.decks import create_deck
from crispdeck.records.work.job import INTERACTIVE, create_deck_job, create_picture_job
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord, NewPicture
from crispdeck.storage import ObjectStore, deck_key, picture_key

RETENTION_DAYS = 7.0


def hand_in_deck(
    db: Database,
    store: ObjectStore,
    tenant_id: str,
    deck: bytes,
    options: JobOptions | None = None,
    *,
    name: str = "talk.pptx",
) -> tuple[JobRecord, list[WakeUp]]:
    """Ask for a deck to be made sharp."""
    deck_id = new_id()
    key = deck_key(tenant_id, deck_id)
    with open_deck(deck) as archive:
        found = scan_to_json(scan(archive))
    store.put(key, deck, content_type="application/octet-stream")
    create_deck(
        db,
        tenant_id,
        name=name,
        size_bytes=len(deck),
        sha256=hashlib.sha256(deck).hexdigest(),
        object_key=key,
        scan_json=found,
        retention_days=RETENTION_DAYS,
        deck_id=deck_id,
    )
    return create_deck_job(
        db, tenant_id, deck_id, options or JobOptions(), retention_days=RETENTION_DAYS
    )


def hand_in_picture(
    db: Database,
    store: ObjectStore,
    tenant_id: str,
    blob: bytes,
    *,
    scale: int = 4,
    crispness: float | None = None,
    strip: bool = False,
) -> tuple[JobRecord, list[WakeUp]]:
    """Ask for one picture to be made sharp, somebody waiting for it."""
    info = inspect(blob)
    sha256 = hashlib.sha256(blob).hexdigest()
    key = picture_key(tenant_id, new_id(), sha256)
    store.put(key, blob, content_type=f"image/{info.format}")
    picture = NewPicture(
        parts=(),
        sha256=sha256,
        source_key=key,
        source_format=info.format,
        source_bytes=len(blob),
        width_px=info.width_px,
        height_px=info.height_px,
        scale=scale,
    )
    options = replace(INTERACTIVE, crispness=crispness, strip=strip)
    return create_picture_job(
        db, tenant_id, picture, options=options, retention_days=RETENTION_DAYS
    )
