"""An object that is not what was stored is found out, and one that was only read badly is not."""

import hashlib
from pathlib import Path

import pytest

from crispdeck.errors import DamagedObjectError, ObjectMissingError
from crispdeck.storage import FolderStore
from crispdeck.storage.checking import open_checked, read_checked, sha256_of
from tests.crispdeck.storage.shorthand import put

BLOB = b"as it was stored"
SHA256 = hashlib.sha256(BLOB).hexdigest()


@pytest.fixture
def folder_store(tmp_path: Path) -> FolderStore:
    """A store with one object, `a`."""
    made = FolderStore(tmp_path)
    put(made, "a", BLOB)
    return made


class Flaky(FolderStore):
    """Gives other bytes the first time, as a bad cable does."""

    bad = True

    def read(self, key: str) -> bytes:
        blob = super().read(key)
        blob, self.bad = (b"X" + blob[1:] if self.bad else blob), False
        return blob


def test_what_was_stored_is_given(folder_store: FolderStore) -> None:
    assert sha256_of(BLOB) == SHA256
    assert read_checked(folder_store, "a", sha256=SHA256, size_bytes=len(BLOB)) == BLOB
    with open_checked(folder_store, "a", sha256=SHA256, size_bytes=len(BLOB)) as file:
        assert file.read() == BLOB


@pytest.mark.parametrize(("sha256", "size_bytes"), [("0" * 64, len(BLOB)), (SHA256, 3)])
def test_something_else_is_damaged(folder_store: FolderStore, sha256: str, size_bytes: int) -> None:
    for act in (read_checked, open_checked):
        with pytest.raises(DamagedObjectError):
            act(folder_store, "a", sha256=sha256, size_bytes=size_bytes)


def test_a_row_of_an_older_version_knows_nothing_to_compare(folder_store: FolderStore) -> None:
    assert read_checked(folder_store, "a", sha256=None, size_bytes=None) == BLOB


def test_what_was_damaged_on_its_way_is_read_again(
    folder_store: FolderStore, tmp_path: Path
) -> None:
    flaky = Flaky(tmp_path)
    assert read_checked(flaky, "a", sha256=SHA256, size_bytes=len(BLOB)) == BLOB
    assert not flaky.bad


def test_what_is_not_there_is_missing_and_not_damaged(folder_store: FolderStore) -> None:
    with pytest.raises(ObjectMissingError):
        read_checked(folder_store, "b", sha256=SHA256, size_bytes=len(BLOB))
