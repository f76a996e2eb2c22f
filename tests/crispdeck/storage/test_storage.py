"""One contract for every object store: a folder, and a real S3 server."""

import io
import os
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from crispdeck.errors import ObjectMissingError, StorageError
from crispdeck.settings import Settings
from crispdeck.storage import (
    FolderStore,
    ObjectStore,
    content_disposition,
    deck_key,
    enhanced_key,
    make_store,
    picture_key,
    upscale_key,
)

LARGE_BYTES = 20 * 2**20 + 123
MakeStore = Callable[[], ObjectStore]


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.servers)])
def settings(request: pytest.FixtureRequest) -> Settings:
    fixture = {"folder": "embedded_settings", "s3": "s3_settings"}[request.param]
    found: Settings = request.getfixturevalue(fixture)
    return found


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    return make_store(settings)


def put(store: ObjectStore, key: str, blob: bytes) -> None:
    store.put(key, blob, content_type="application/octet-stream")


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return sorted(item.key for item in store.list(prefix))


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


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.hidden", "a b", "a\\b", "a\x00", "ä", "a" * 600],
)
def test_a_key_that_could_leave_its_place_is_refused(store: ObjectStore, key: str) -> None:
    for act in (store.read, store.size, store.open, lambda k: put(store, k, b"x")):
        with pytest.raises(StorageError) as caught:
            act(key)
        assert not isinstance(caught.value, ObjectMissingError)
    with pytest.raises(StorageError):
        store.delete([key])
    assert keys(store) == []


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


def test_a_folder_that_is_pruned_at_any_step_of_a_put_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`mkdir` fails as it does when a delete beside it prunes the folder it has just found."""
    real = Path.mkdir
    failures: list[type[OSError]] = [FileExistsError, FileNotFoundError]

    def mkdir(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if path.name == "busy" and failures:
            raise failures.pop(0)
        real(path, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    store = FolderStore(tmp_path)
    put(store, "busy/1", b"kept")
    assert store.read("busy/1") == b"kept"
    assert not failures


def test_an_object_is_never_a_folder_too(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, "a", b"whole")
    with pytest.raises(StorageError):
        put(store, "a/b", b"below it")
    assert store.read("a") == b"whole"


def test_a_ping_leaves_nothing_behind(store: ObjectStore) -> None:
    store.ping()
    assert keys(store) == []


def test_the_keys_we_make_are_keys(store: ObjectStore) -> None:
    made = [
        deck_key("t", "d"),
        enhanced_key("t", "d", "j"),
        picture_key("t", "j", "0" * 64),
        upscale_key("t", "0" * 64, "crisp-m.v1", 4, "bf16_a", "u"),
    ]
    for key in made:
        put(store, key, key.encode())
    assert [store.read(key).decode() for key in made] == made


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


# The folder alone


def test_a_put_that_breaks_off_leaves_nothing(embedded_settings: Settings) -> None:
    class Broken(io.RawIOBase):
        def read(self, _size: int = -1, /) -> bytes:
            raise ConnectionResetError

    store = FolderStore(embedded_settings.data_dir)
    with pytest.raises((StorageError, ConnectionResetError)):
        store.put("a/b", Broken(), content_type="text/plain")  # type: ignore[arg-type]
    files = [path for path in embedded_settings.data_dir.rglob("*") if path.is_file()]
    assert files == []
    assert keys(store) == []


def test_an_emptied_folder_store_has_no_folders_left(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    put(store, "a/b/c/d", b"x")
    store.delete(["a/b/c/d"])
    assert [path.name for path in tmp_path.iterdir()] == [".unfinished"]


def test_a_folder_signs_no_links(tmp_path: Path) -> None:
    assert FolderStore(tmp_path).url("a", expires_s=60) is None


def test_a_folder_that_cannot_be_written_is_a_storage_error() -> None:
    store = FolderStore(Path("/proc/nowhere"))
    with pytest.raises(StorageError):
        store.ping()


# S3 alone


@pytest.fixture
def s3(s3_settings: Settings) -> ObjectStore:
    return make_store(s3_settings)


def signed(store: ObjectStore, key: str, expires_s: int = 60, name: str | None = None) -> str:
    url = store.url(key, expires_s=expires_s, download_name=name)
    assert url is not None
    return url


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_signed_link_gives_the_object_under_its_name(s3: ObjectStore) -> None:
    put(s3, "t/deck", b"the deck")
    url = signed(s3, "t/deck", name="Quartals­bericht 上海 “neu”.pptx")
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"the deck"
        disposition = answer.headers["Content-Disposition"]
    assert disposition == content_disposition("Quartals­bericht 上海 “neu”.pptx")


def test_a_signed_link_expires(s3: ObjectStore) -> None:
    put(s3, "a", b"x")
    url = signed(s3, "a", expires_s=1)
    assert status_of(url) == 200
    deadline = time.monotonic() + 20
    while (status := status_of(url)) == 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert status == 403


def test_a_signed_link_opens_nothing_else(s3: ObjectStore) -> None:
    put(s3, "t/one", b"x")
    put(s3, "t/two", b"x")
    url = signed(s3, "t/one", name="one.pptx")
    assert status_of(url) == 200
    assert status_of(url.replace("t/one", "t/two")) == 403
    assert status_of(url.replace("one.pptx", "two.html")) == 403
    assert status_of(re.sub("X-Amz-Expires=60", "X-Amz-Expires=600", url)) == 403
    assert status_of(url.split("?")[0]) in {400, 403}


def test_a_signed_link_names_the_address_that_browsers_reach(s3_settings: Settings) -> None:
    public = replace(s3_settings, s3_public_endpoint_url="https://objects.example.org")
    assert signed(make_store(public), "a").startswith("https://objects.example.org/")


def test_a_wrong_secret_is_a_storage_error(s3_settings: Settings) -> None:
    store = make_store(replace(s3_settings, s3_secret_key="wrong"))
    for act in (
        lambda: put(store, "a", b"x"),
        lambda: store.read("a"),
        lambda: store.size("a"),
        lambda: list(store.list()),
        lambda: store.delete(["a"]),
        store.ping,
    ):
        with pytest.raises(StorageError) as caught:
            act()
        assert not isinstance(caught.value, ObjectMissingError)


def test_a_bucket_that_is_not_there_is_a_storage_error(s3_settings: Settings) -> None:
    store = make_store(replace(s3_settings, storage_url="s3://no-such-bucket-here"))
    with pytest.raises(StorageError):
        store.ping()


def test_a_server_that_is_away_is_a_storage_error_within_seconds(s3_settings: Settings) -> None:
    store = make_store(replace(s3_settings, s3_endpoint_url="http://127.0.0.1:1"))
    start = time.monotonic()
    with pytest.raises(StorageError) as caught:
        store.read("a")
    assert caught.value.retryable
    assert time.monotonic() - start < 20


def test_two_prefixes_of_one_bucket_are_two_stores(s3_settings: Settings) -> None:
    one, two = (
        make_store(replace(s3_settings, storage_url=f"{s3_settings.storage_url}/{name}"))
        for name in ("one", "two")
    )
    put(one, "a", b"1")
    put(two, "a", b"2")
    assert (one.read("a"), two.read("a")) == (b"1", b"2")
    assert keys(one) == ["a"]
    one.delete(["a"])
    assert (keys(one), keys(two)) == ([], ["a"])


@pytest.mark.parametrize("mode", ["when_required", "when_supported"])
def test_both_checksum_modes_work(s3_settings: Settings, mode: str) -> None:
    store = make_store(replace(s3_settings, s3_checksum_mode=mode))
    blob = os.urandom(9 * 2**20)
    put(store, "a", blob)
    assert store.read("a") == blob
    store.delete(["a"])
    assert store.size("a") is None


class NoBatches(BaseHTTPRequestHandler):
    """Just enough of an S3 server that deletes objects one by one only."""

    deleted: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(501, b"<Error><Code>NotImplemented</Code></Error>")

    def do_DELETE(self) -> None:
        self.deleted.append(self.path)
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server_without_batches() -> Iterator[ThreadingHTTPServer]:
    NoBatches.deleted = []
    with ThreadingHTTPServer(("127.0.0.1", 0), NoBatches) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_server_without_batches_gets_single_deletes(
    server_without_batches: ThreadingHTTPServer, tmp_path: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        storage_url="s3://bucket",
        s3_endpoint_url=f"http://127.0.0.1:{server_without_batches.server_port}",
        s3_access_key="a",
        s3_secret_key="b",
    )
    make_store(settings).delete(["t/1", "t/2"])
    assert NoBatches.deleted == ["/bucket/t/1", "/bucket/t/2"]


# The name of a download


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("talk.pptx", "attachment; filename=\"talk.pptx\"; filename*=UTF-8''talk.pptx"),
        ("a b.pptx", "attachment; filename=\"a b.pptx\"; filename*=UTF-8''a%20b.pptx"),
        ("é.pptx", "attachment; filename=\"e.pptx\"; filename*=UTF-8''%C3%A9.pptx"),
        ("", "attachment; filename=\"download\"; filename*=UTF-8''download"),
        ("../..", "attachment; filename=\"_\"; filename*=UTF-8''_"),
    ],
)
def test_a_download_name_is_sent_as_rfc_6266_says(name: str, header: str) -> None:
    assert content_disposition(name) == header


@pytest.mark.parametrize(
    "name",
    ['a"; filename=evil.exe; x=".pptx', "a\r\nSet-Cookie: x", "..\\..\\a", "\udcff", "x" * 999],
)
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    header = content_disposition(name)
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\/;\x00-\x1f\x7f-\U0010ffff]+\"; "
        r"filename\*=UTF-8''[A-Za-z0-9%._~-]+",
        header,
    )
    assert len(header) < 2000


def test_a_long_name_keeps_its_extension() -> None:
    assert content_disposition("x" * 999 + ".pptx").count(".pptx") == 2
