"""The data folder is for who runs Crispdeck alone."""

import os
from pathlib import Path

import pytest

from crispdeck.errors import FileAccessError
from crispdeck.private_folder import open_data_folder


def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    open_data_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_open_is_closed_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    (folder / "records.db").write_bytes(b"rows")
    open_data_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "records.db").read_bytes() == b"rows"


def test_a_file_in_its_place_is_named_with_the_setting(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_bytes(b"")
    with pytest.raises(FileAccessError, match="CRISPDECK_DATA_DIR"):
        open_data_folder(taken)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o500)
    with pytest.raises(FileAccessError, match="cannot be written"):
        open_data_folder(folder / "below")
