"""What a store in a folder does by itself: folders come and go, nothing half-written stays."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crispdeck.errors import StorageError
from crispdeck.settings import Settings
from crispdeck.storage import (
    FolderStore,
)
from tests.crispdeck.storage.shorthand import keys, put


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


SOON = timedelta(minutes=5)


def test_a_half_written_file_goes_when_it_is_old_and_stays_while_it_is_young(
    tmp_path: Path,
) -> None:
    store = FolderStore(tmp_path)
    store.put("t/whole", b"whole", content_type="text/plain")
    old, young = (tmp_path / ".unfinished" / name for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"ha")
    hour_ago = young.stat().st_mtime - 3600
    os.utime(old, (hour_ago, hour_ago))
    assert store.forget_unfinished(datetime.now(UTC) - SOON) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert [found.key for found in store.list()] == ["t/whole"]


def test_a_folder_that_was_never_written_to_has_nothing_unfinished(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "new").forget_unfinished(datetime.now(UTC)) == 0
