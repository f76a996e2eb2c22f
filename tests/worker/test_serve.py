"""`serve` refuses to start where another process stands; how it runs is shown in tests/e2e."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from crispdeck.errors import ServeError
from crispdeck.settings import Settings
from tests.servers.process import free_port
from worker.serve import alone_in, serve


def test_a_port_in_use_is_an_error_that_names_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} of 127.0.0.1"):
            serve(Settings(data_dir=tmp_path, port=port), print)


def test_a_second_serve_on_the_same_data_folder_is_an_error_that_names_the_first(
    tmp_path: Path,
) -> None:
    with (
        alone_in(tmp_path),
        pytest.raises(ServeError, match=rf"already serves .*process {os.getpid()}"),
    ):
        serve(Settings(data_dir=tmp_path, port=free_port()), print)


def test_the_file_of_a_serve_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").write_text("4711\n")
    with alone_in(tmp_path):
        assert (tmp_path / "serve.lock").read_text() == f"{os.getpid()}\n"


def test_another_data_folder_may_be_served_beside_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "one")
    other = replace(settings, data_dir=tmp_path / "other")
    with alone_in(settings.data_dir), alone_in(other.data_dir):
        assert (other.data_dir / "serve.lock").read_text() == f"{os.getpid()}\n"
