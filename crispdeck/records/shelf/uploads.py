"""Decks that come in parts: begin, add a part, end; the bytes of each part are an object."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crispdeck.errors import (
    ConflictError,
    CrispdeckError,
    LimitReachedError,
    NotFoundError,
    OffsetMismatchError,
)
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import check_space, lock_tenant
from crispdeck.records.shelf.batches import lock_batch
from crispdeck.records.shelf.values import UploadRecord
from crispdeck.records.states import UploadState
from crispdeck.records.tables import Upload, UploadPart
from crispdeck.records.text import one_line

UNTOUCHED_UPLOAD_KEPT = timedelta(days=1)
"""How long an upload waits for its next part."""

MAX_OPEN_UPLOADS = 1_000
"""Decks of one tenant that may be on their way at once."""


def create_upload(
    db: Database,
    tenant_id: str,
    *,
    batch_id: str | None,
    name: str,
    folder: str,
    size_bytes: int,
    allow_signed: bool = False,
    max_stored_bytes: int = 0,
) -> UploadRecord:
    """Expect a deck of so many bytes; its space counts as used from now on.

    Raises:
        NotFoundError, GoneError: no such batch of this tenant.
        LimitReachedError: no space is left for it, or MAX_OPEN_UPLOADS are on their way.
    """
    with db.session() as session:
        now = db.now(session)
        # Space and open uploads are counted under the tenant's lock, or two that come at once both
        # fit.
        lock_tenant(session, tenant_id)
        if batch_id is not None:
            lock_batch(session, tenant_id, batch_id, now)
        check_space(session, tenant_id, size_bytes, max_stored_bytes)
        _check_open(session, tenant_id)
        upload = Upload(
            id=new_id(),
            tenant_id=tenant_id,
            batch_id=batch_id,
            name=one_line(name, 300),
            folder=one_line(folder, 1000),
            size_bytes=size_bytes,
            offset_bytes=0,
            allow_signed=allow_signed,
            state=UploadState.RECEIVING,
            created_at=now,
            touched_at=now,
        )
        session.add(upload)
        return UploadRecord.of(upload)


def get_upload(db: Database, tenant_id: str, upload_id: str) -> UploadRecord:
    """Return an upload of this tenant. Raises NotFoundError."""
    with db.reading() as session:
        return UploadRecord.of(_visible(session.get(Upload, upload_id), tenant_id, upload_id))


def add_part(
    db: Database, tenant_id: str, upload_id: str, *, start: int, size_bytes: int, object_key: str
) -> UploadRecord:
    """Record a part whose bytes lie in the store already.

    Raises:
        NotFoundError: no such upload of this tenant.
        OffsetMismatchError: the part does not begin where the last one ended.
        ConflictError: the upload has ended.
    """
    with db.session() as session:
        upload = _lock_open(session, tenant_id, upload_id)
        # Two that send the same part: the second finds the offset moved on, and asks where to go
        # on.
        if upload.offset_bytes != start:
            raise OffsetMismatchError(
                f"The next part begins at byte {upload.offset_bytes:,}, not at {start:,}.",
                offset_bytes=upload.offset_bytes,
            )
        session.add(UploadPart(upload_id=upload_id, start_bytes=start, object_key=object_key))
        upload.offset_bytes += size_bytes
        upload.touched_at = db.now(session)
        return UploadRecord.of(upload)


def part_keys(db: Database, upload_id: str) -> list[str]:
    """Return the keys of all parts, first to last."""
    with db.reading() as session:
        return _keys(session, upload_id)


def complete(session: Session, tenant_id: str, upload_id: str, deck_id: str) -> None:
    """Turn an upload into the deck that is recorded in the same transaction, once.

    Raises:
        NotFoundError: no such upload of this tenant.
        ConflictError: the upload has ended.
    """
    upload = _lock_open(session, tenant_id, upload_id)
    upload.state, upload.deck_id = UploadState.DONE, deck_id


def refuse_upload(
    db: Database, tenant_id: str, upload_id: str, error: CrispdeckError
) -> UploadRecord:
    """Keep in mind why an upload is no deck. Raises NotFoundError, ConflictError."""
    with db.session() as session:
        upload = _lock_open(session, tenant_id, upload_id)
        upload.state, upload.code, upload.detail = UploadState.REFUSED, error.code, error.message
        upload.touched_at = db.now(session)
        return UploadRecord.of(upload)


def cancel_upload(db: Database, tenant_id: str, upload_id: str) -> UploadRecord:
    """End an upload that is no deck, or will not be one; again is no error. Raises NotFoundError.

    Raises:
        ConflictError: it is a deck already.
    """
    with db.session() as session:
        found = session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
        upload = _visible(found, tenant_id, upload_id)
        if upload.state is UploadState.DONE:
            raise ConflictError("The upload is a deck already; delete the deck.")
        upload.state = UploadState.CANCELLED
        upload.touched_at = db.now(session)
        return UploadRecord.of(upload)


def forget_parts(db: Database, upload_id: str) -> None:
    """Drop the rows of an ended upload's parts, after their objects."""
    with db.session() as session:
        session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def expires_at(upload: UploadRecord) -> datetime:
    """Say until when the next part may come."""
    return upload.touched_at + UNTOUCHED_UPLOAD_KEPT


def _check_open(session: Session, tenant_id: str) -> None:
    query = select(func.count()).where(
        Upload.tenant_id == tenant_id, Upload.state == UploadState.RECEIVING
    )
    if session.scalars(query).one() >= MAX_OPEN_UPLOADS:
        raise LimitReachedError(
            f"{MAX_OPEN_UPLOADS:,} uploads are not finished; end or delete one of them first.",
            retry_after_s=60,
        )


def _lock_open(session: Session, tenant_id: str, upload_id: str) -> Upload:
    found = session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    upload = _visible(found, tenant_id, upload_id)
    if upload.state is not UploadState.RECEIVING:
        raise ConflictError(f"The upload is {upload.state.value} and takes no more parts.")
    return upload


def _keys(session: Session, upload_id: str) -> list[str]:
    query = (
        select(UploadPart.object_key)
        .where(UploadPart.upload_id == upload_id)
        .order_by(UploadPart.start_bytes)
    )
    return list(session.scalars(query))


def _visible(upload: Upload | None, tenant_id: str, upload_id: str) -> Upload:
    # A cancelled one is gone for its sender; its row waits for the sweep to delete the parts.
    if upload is None or upload.tenant_id != tenant_id or upload.state is UploadState.CANCELLED:
        raise NotFoundError(f"There is no upload {upload_id}.")
    return upload
