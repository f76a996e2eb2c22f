"""An object store in a folder, for one machine; it cannot sign links."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from crispdeck.errors import ObjectMissingError, StorageError
from crispdeck.storage.keys import checked
from crispdeck.storage.objects import StoredObject

UNFINISHED = ".unfinished"
"""Where files grow until they are complete; no key can name it."""

CHUNK_BYTES = 2**20  # copied at a time; a guess


class FolderStore:
    """Keeps each object as a file whose path under `folder` is the key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, source: BinaryIO | bytes, *, content_type: str) -> StoredObject:
        """Write beside, flush to the disk, then rename: a crash leaves no half object.

        The content type is not kept: whoever serves the file knows it from its row.
        """
        del content_type
        path = self._path(key)
        stream = BytesIO(source) if isinstance(source, bytes) else source
        with _storage_errors(key):
            unfinished = self._write_unfinished(stream)
            try:
                _move(unfinished, path)
            finally:
                unfinished.unlink(missing_ok=True)
            # fsync of a file keeps its bytes; its name is kept by that of the folder.
            _flush_folder(path.parent)
            return self._stored(path)

    def open(self, key: str) -> BinaryIO:
        """Open the file."""
        with _storage_errors(key):
            return self._path(key).open("rb")

    def read(self, key: str) -> bytes:
        """Read the file."""
        with _storage_errors(key):
            return self._path(key).read_bytes()

    def size(self, key: str) -> int | None:
        """Ask the file system for the file's size in bytes."""
        with _storage_errors(key):
            try:
                return self._path(key).stat().st_size
            except FileNotFoundError:
                return None

    def delete(self, keys: Iterable[str]) -> None:
        """Delete the files and the folders that become empty."""
        for key in keys:
            path = self._path(key)
            with _storage_errors(key):
                path.unlink(missing_ok=True)
                self._prune(path.parent)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Walk the folder; a file that goes away meanwhile is left out."""
        start = self._folder / prefix.rpartition("/")[0]
        for folder, folders, names in os.walk(start):
            # os.walk looks into what stays in the list: half-written files are no objects.
            if UNFINISHED in folders:
                folders.remove(UNFINISHED)
            for name in names:
                path = Path(folder, name)
                if path.relative_to(self._folder).as_posix().startswith(prefix):
                    with suppress(FileNotFoundError):
                        yield self._stored(path)

    def forget_unfinished(self, before: datetime) -> int:
        """Delete files that have stopped growing."""
        found = 0
        with _storage_errors(UNFINISHED):
            for path in (self._folder / UNFINISHED).glob("*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        found += 1
        return found

    def url(self, key: str, *, expires_s: int, download_name: str | None = None) -> str | None:
        """Return None: files have no server of their own."""
        del key, expires_s, download_name
        return None

    def ping(self) -> None:
        """Write, read and delete one small object."""
        # A key that nobody else pings with: several processes ask at once.
        key = f"ping/{secrets.token_hex(8)}"
        self.put(key, b"ping", content_type="text/plain")
        if self.read(key) != b"ping":
            raise StorageError("The folder gave back other bytes than it was given.")
        self.delete([key])

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _stored(self, path: Path) -> StoredObject:
        facts = path.stat()
        return StoredObject(
            key=path.relative_to(self._folder).as_posix(),
            size_bytes=facts.st_size,
            modified_at=datetime.fromtimestamp(facts.st_mtime, UTC),
        )

    def _write_unfinished(self, source: BinaryIO) -> Path:
        folder = self._folder / UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        # A name of its own: two puts of one key must not write into each other.
        path = folder / secrets.token_hex(16)
        try:
            with path.open("xb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _prune(self, folder: Path) -> None:
        """Remove empty folders upwards; the first that is not empty ends it."""
        with suppress(OSError):
            while folder != self._folder:
                folder.rmdir()
                folder = folder.parent


def _move(source: Path, target: Path) -> None:
    """Rename into a folder that a delete beside us may just have pruned."""
    for _ in range(100):
        # Between any two system calls the prune may take the folder away: `mkdir` itself then
        # says that it is missing, or that it exists just when it no longer does.
        with suppress(FileNotFoundError, FileExistsError):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            return
        if target.parent.exists() and not target.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), target.parent)
    raise StorageError(f"The folder of {target.name} is deleted again and again.")


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    with suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _storage_errors(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise ObjectMissingError(f"There is no object {key}.") from error
    except OSError as error:
        raise StorageError(f"The object folder failed on {key}: {error.strerror}.") from error
