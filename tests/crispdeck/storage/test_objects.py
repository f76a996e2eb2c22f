"""One contract for every object store: a folder, and a real S3 server."""

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import pytest

from crispdeck.errors import ObjectMissingError
from crispdeck.storage import (
    ObjectStore,
)
from tests.crispdeck.storage.shorthand import keys, put

LARGE_BYTES = 20 * 2**20 + 123


class Unseekable(io.RawIOBase):
    """A stream that can only be read on, as an upload is."""

    def __init__(self, blob: bytes) -> None:
        self._stream = io.BytesIO(blob)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._stream.readinto(buffer)


def test_what_was_put_comes_back(store: ObjectStore) -> None:
    stored = store.put("a/b", b"some bytes", content_type="image/png")
    assert (stored.key, stored.size_bytes) == ("a/b", 10)
    assert abs(datetime.now(UTC) - stored.modified_at) < timedelta(minutes=1)
    assert store.read("a/b") == b"some bytes"
    assert store.size("a/b") == 10


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    put(store, "a", b"")
    assert store.read("a") == b""
    assert store.size("a") == 0


def test_putting_again_replaces(store: ObjectStore) -> None:
    put(store, "a/b", b"long old content")
    put(store, "a/b", b"new")
    assert store.read("a/b") == b"new"


def test_what_is_not_there_is_missing_not_broken(store: ObjectStore) -> None:
    assert store.size("nothing/here") is None
    with pytest.raises(ObjectMissingError):
        store.read("nothing/here")
    with pytest.raises(ObjectMissingError):
        store.open("nothing/here")
    assert keys(store, "nothing") == []


def test_a_large_object_goes_through_in_pieces(store: ObjectStore) -> None:
    blob = os.urandom(LARGE_BYTES)
    stored = store.put("large", io.BytesIO(blob), content_type="application/zip")
    assert stored.size_bytes == LARGE_BYTES
    with store.open("large") as stream:
        pieces = list(iter(lambda: stream.read(3 * 2**20), b""))
    assert len(pieces) == 7
    assert b"".join(pieces) == blob


def test_a_stream_that_cannot_seek_can_be_put(store: ObjectStore) -> None:
    blob = os.urandom(9 * 2**20)
    source: BinaryIO = io.BufferedReader(Unseekable(blob))
    store.put("upload", source, content_type="application/zip")
    assert store.read("upload") == blob


def test_a_source_is_left_open_and_read_from_where_it_stands(store: ObjectStore) -> None:
    source = io.BytesIO(b"headbody")
    source.seek(4)
    store.put("a", source, content_type="text/plain")
    assert store.read("a") == b"body"
    assert not source.closed


def test_deleting_takes_what_is_there_and_minds_no_other(store: ObjectStore) -> None:
    for key in ("t/1", "t/2", "u/1"):
        put(store, key, b"x")
    store.delete(["t/1", "t/2", "t/3"])
    store.delete([])
    assert keys(store) == ["u/1"]
    put(store, "t/1", b"again")
    assert store.read("t/1") == b"again"


def test_more_objects_than_a_page_are_listed_and_deleted(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crispdeck.storage.s3.LIST_AT_ONCE", 5)
    monkeypatch.setattr("crispdeck.storage.s3.DELETE_AT_ONCE", 5)
    names = [f"many/{number:04}" for number in range(17)]
    for name in names:
        put(store, name, b"x")
    assert keys(store, "many/") == names
    store.delete(names)
    assert keys(store) == []


def test_listing_keeps_to_the_prefix(store: ObjectStore) -> None:
    for key in ("t/a/1", "t/ab/2", "u/a/1"):
        put(store, key, b"xyz")
    assert keys(store, "t/a") == ["t/a/1", "t/ab/2"]
    assert keys(store, "t/a/") == ["t/a/1"]
    assert [item.size_bytes for item in store.list("u/")] == [3]


def test_many_threads_share_a_store(store: ObjectStore) -> None:
    def there_and_back(number: int) -> bool:
        blob = os.urandom(5000)
        put(store, f"x/{number % 3}/{number}", blob)
        same = store.read(f"x/{number % 3}/{number}") == blob
        store.delete([f"x/{number % 3}/{number}"])
        return same

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(60)))
    assert keys(store) == []


def test_a_ping_leaves_nothing_behind(store: ObjectStore) -> None:
    store.ping()
    assert keys(store) == []


def test_an_object_appears_whole_or_not_at_all(store: ObjectStore) -> None:
    """A reader that looks all the time sees the old bytes or the new, never a mixture."""
    old, new = b"o" * 3_000_000, b"n" * 4_000_000
    put(store, "a", old)
    finished = threading.Event()

    def read_keys() -> set[bytes]:
        seen = set()
        while not finished.is_set():
            seen.add(store.read("a"))
        return seen

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read_keys)
        for _ in range(5):
            put(store, "a", new)
            put(store, "a", old)
        finished.set()
        assert reader.result() <= {old, new}
