"""What every object store can do; no store of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class StoredObject:
    """An object that the store holds."""

    key: str
    size_bytes: int
    modified_at: datetime
    etag: str | None = None
    """The store's own mark of the content, where it has one."""


class ObjectStore(Protocol):
    """Bytes by key; keys are made by `crispdeck.storage.keys` and are never used twice.

    Every method raises StorageError when the store does not answer or refuses.
    """

    def put(self, key: str, source: BinaryIO | bytes, *, content_type: str) -> StoredObject:
        """Store all that `source` still holds, in one step: readers see all of it or nothing.

        The source is left open.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """Stream an object from its start (no seek). Raises ObjectMissingError."""
        ...

    def read(self, key: str) -> bytes:
        """Return a whole object. Raises ObjectMissingError."""
        ...

    def size(self, key: str) -> int | None:
        """Return the size in bytes, None if there is no such object."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there count as deleted."""
        ...

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Go through the objects whose keys start with `prefix`, in no promised order."""
        ...

    def forget_unfinished(self, before: datetime) -> int:
        """Drop what a put that was killed before this moment has left; return how much it was."""
        ...

    def url(self, key: str, *, expires_s: int, download_name: str | None = None) -> str | None:
        """Sign a link that anybody may GET for a while; None if the store cannot."""
        ...

    def ping(self) -> None:
        """Write, read and delete one small object."""
        ...
