"""Reading an object and finding out if it is still what was stored."""

import hashlib
import os
import shutil
import tempfile
from contextlib import ExitStack
from typing import BinaryIO, cast

from crispdeck.errors import DamagedObjectError
from crispdeck.storage.objects import ObjectStore

TRIES = 2
"""A byte that was damaged on its way is right the second time; one on the disk is not."""


def sha256_of(blob: bytes) -> str:
    """Return the SHA-256 as 64 hex digits."""
    return hashlib.sha256(blob).hexdigest()


def read_checked(
    store: ObjectStore, key: str, *, sha256: str | None, size_bytes: int | None
) -> bytes:
    """Read a whole object whose row tells its size and SHA-256; None: the row is older than that.

    Raises:
        DamagedObjectError: it is something else, twice.
        ObjectMissingError: it is not there.
        StorageError: the store does not answer.
    """
    for _ in range(TRIES):
        blob = store.read(key)
        if size_bytes is not None and len(blob) != size_bytes:
            continue
        if sha256 is None or sha256_of(blob) == sha256:
            return blob
    raise DamagedObjectError(
        f"The object {key} is damaged: its bytes are not those that were stored."
    )


def open_checked(
    store: ObjectStore, key: str, *, sha256: str | None, size_bytes: int | None
) -> BinaryIO:
    """Open a whole object as a file at its start, checked like `read_checked`, at any size."""
    for _ in range(TRIES):
        file = _as_file(store.open(key))
        size = os.fstat(file.fileno()).st_size
        if size_bytes is None or size == size_bytes:
            found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            if sha256 is None or found == sha256:
                file.seek(0)
                return file
        file.close()
    raise DamagedObjectError(
        f"The object {key} is damaged: its bytes are not those that were stored."
    )


def _as_file(stream: BinaryIO) -> BinaryIO:
    if stream.seekable():
        return stream
    with stream, ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        shutil.copyfileobj(stream, file, 1 << 20)
        file.flush()
        file.seek(0)
        stack.pop_all()
    return cast("BinaryIO", file)
