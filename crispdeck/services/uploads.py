"""Decks that come in parts: keep each part, and when the last is there, take the deck in."""

import shutil
import tempfile
from typing import IO, BinaryIO, cast

from crispdeck.errors import (
    BadInputError,
    ConflictError,
    OffsetMismatchError,
    RequestTooLargeError,
)
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.batches import get_batch
from crispdeck.records.shelf.uploads import (
    add_part,
    forget_parts,
    get_upload,
    part_keys,
    refuse_upload,
)
from crispdeck.records.shelf.values import UploadRecord
from crispdeck.records.states import UploadState
from crispdeck.records.work.job_options import JobOptions
from crispdeck.services.deck_intake import Origin, receive_deck
from crispdeck.services.platform import Platform
from crispdeck.storage import part_key

CHUNK_BYTES = 1 << 18  # read at a time; a guess


def take_part(
    platform: Platform, upload: UploadRecord, start: int, body: IO[bytes]
) -> UploadRecord:
    """Keep what follows the bytes that have arrived; with the last of them, take the deck in.

    A part that breaks off half way is kept as far as it came. A part without bytes does no more
    than take the deck in, should that have failed.

    Args:
        platform: of this installation.
        upload: as it stands.
        start: where the part begins, in bytes.
        body: the part; raises ConnectionError where its sender has gone.

    Raises:
        ConnectionError: the body broke off; what came of it is kept.
        ConflictError: the upload has ended; OffsetMismatchError: it goes on elsewhere.
        RequestTooLargeError: the part goes beyond the end.
    """
    if upload.state is not UploadState.RECEIVING:
        raise ConflictError(f"The upload is {upload.state.value} and takes no more parts.")
    if start != upload.offset_bytes:
        raise OffsetMismatchError(
            f"The next part begins at byte {upload.offset_bytes:,}, not at {start:,}.",
            offset_bytes=upload.offset_bytes,
        )
    with tempfile.TemporaryFile() as part:
        broke_off = _copy(body, part, upload.size_bytes - start)
        size_bytes = part.tell()
        if size_bytes:
            part.seek(0)
            upload = _keep(platform, upload, start, cast("BinaryIO", part), size_bytes)
    if broke_off:
        raise broke_off
    return _take_in(platform, upload) if upload.offset_bytes == upload.size_bytes else upload


def _copy(body: IO[bytes], part: IO[bytes], most_bytes: int) -> ConnectionError | None:
    """Return the error with which the body broke off, if it did."""
    try:
        while chunk := body.read(CHUNK_BYTES):
            if part.tell() + len(chunk) > most_bytes:
                raise RequestTooLargeError(
                    f"The part is too long: this deck lacks only {most_bytes:,} bytes."
                )
            part.write(chunk)
    except ConnectionError as error:
        return error
    return None


def _keep(
    platform: Platform, upload: UploadRecord, start: int, part: BinaryIO, size_bytes: int
) -> UploadRecord:
    key = part_key(upload.tenant_id, upload.id, new_id())
    platform.store.put(key, part, content_type="application/octet-stream")
    try:
        return add_part(
            platform.db,
            upload.tenant_id,
            upload.id,
            start=start,
            size_bytes=size_bytes,
            object_key=key,
        )
    except BaseException:
        platform.store.delete([key])
        raise


def _take_in(platform: Platform, upload: UploadRecord) -> UploadRecord:
    """Make a deck of all parts, or keep the reason why they are none; then drop the parts.

    Killed half way, it is done by the next request for this upload, or swept up a day later.
    """
    keys = part_keys(platform.db, upload.id)
    with tempfile.TemporaryFile() as file:
        for key in keys:
            with platform.store.open(key) as part:
                shutil.copyfileobj(part, file, CHUNK_BYTES)
        file.seek(0)
        try:
            _receive(platform, upload, cast("BinaryIO", file))
        except BadInputError as error:
            refuse_upload(platform.db, upload.tenant_id, upload.id, error)
    platform.store.delete(keys)
    forget_parts(platform.db, upload.id)
    return get_upload(platform.db, upload.tenant_id, upload.id)


def _receive(platform: Platform, upload: UploadRecord, file: BinaryIO) -> None:
    choices = JobOptions()
    if upload.batch_id:
        batch = get_batch(platform.db, upload.tenant_id, upload.batch_id)
        choices = JobOptions.of_batch(batch.options)
    receive_deck(
        platform,
        upload.tenant_id,
        file,
        upload.name,
        choices.scan_options(platform.settings),
        allow_signed=upload.allow_signed,
        origin=Origin(upload.batch_id, upload.folder, upload.id),
    )
