"""The data folder is for who runs Crispdeck alone."""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from crispdeck.data_folder import open_data_folder
from crispdeck.errors import FileAccessError

NOBODY = 65_534


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


def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir(mode=0o500)
    for folder in (sealed, sealed / "below"):
        assert "cannot be written" in message_without_root(folder)


def message_without_root(folder: Path) -> str:
    """What somebody hears who is not root, to whom no folder is closed."""
    context = multiprocessing.get_context("fork")
    heard, said = context.Pipe(duplex=False)
    child = context.Process(target=_open_without_root, args=(folder, said))
    child.start()
    assert heard.poll(30)
    message: str = heard.recv()
    child.join()
    return message


def _open_without_root(folder: Path, said: Connection) -> None:
    if os.geteuid() == 0:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    try:
        open_data_folder(folder)
    except FileAccessError as error:
        said.send(error.message)
    else:
        said.send("it was opened")
