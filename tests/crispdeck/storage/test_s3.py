"""What a store in S3 does by itself: signed links, wrong secrets, servers that lack something."""

import os
import re
import tempfile
import threading
import time
import tracemalloc
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, cast

import boto3
import pytest

from crispdeck.errors import ObjectMissingError, StorageError
from crispdeck.settings import Settings
from crispdeck.storage import (
    ObjectStore,
    content_disposition,
    make_store,
)
from tests.crispdeck.storage.shorthand import keys, put


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


SOON = timedelta(minutes=5)


def test_a_multipart_upload_that_was_never_completed_is_aborted(s3_settings: Settings) -> None:
    store = make_store(s3_settings)
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=s3_settings.s3_endpoint_url,
        region_name=s3_settings.s3_region,
        aws_access_key_id=s3_settings.s3_access_key,
        aws_secret_access_key=s3_settings.s3_secret_key,
    )
    bucket, _, prefix = s3_settings.storage_url.removeprefix("s3://").partition("/")
    name = f"{prefix}/t/half" if prefix else "t/half"
    client.create_multipart_upload(Bucket=bucket, Key=name)
    assert store.forget_unfinished(datetime.now(UTC) - SOON) == 0
    assert store.forget_unfinished(datetime.now(UTC) + SOON) == 1
    assert client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert list(store.list()) == []


class Counting(BaseHTTPRequestHandler):
    """Just enough of an S3 server that takes objects and counts their bytes."""

    taken: dict[str, int]

    def do_PUT(self) -> None:
        left = int(self.headers["Content-Length"])
        self.taken[self.path] = left
        while left:
            left -= len(self.rfile.read(min(left, 1 << 16)))
        self._answer(0)

    def do_HEAD(self) -> None:
        self._answer(self.taken[self.path])

    def _answer(self, size: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Tue, 01 Dec 2026 12:00:00 GMT")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_a_large_object_goes_up_in_little_memory_and_one_piece(tmp_path: Path) -> None:
    Counting.taken = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings = Settings(
            data_dir=tmp_path,
            storage_url="s3://bucket",
            s3_endpoint_url=f"http://127.0.0.1:{server.server_port}",
            s3_access_key="a",
            s3_secret_key="b",
        )
        store = make_store(settings)
        with tempfile.TemporaryFile() as file:
            file.truncate(120 << 20)
            tracemalloc.start()
            put = store.put("t/deck", cast("BinaryIO", file), content_type="x/y")
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert not file.closed
        server.shutdown()
        thread.join()
    assert (put.size_bytes, Counting.taken) == (120 << 20, {"/bucket/t/deck": 120 << 20})
    assert peak < 24 << 20
