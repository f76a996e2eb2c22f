"""`serve` refuses to start where another process stands; how it runs is shown in tests/e2e."""

import os
import socket
import ssl
import subprocess
import sys
from dataclasses import replace
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from crispdeck.errors import FileAccessError, ServeError
from crispdeck.settings import Settings
from tests.servers.process import free_port
from worker.serving.supervisor import alone_in, serve


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


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(FileAccessError, match="CRISPDECK_DATA_DIR"),
        alone_in(tmp_path / "file" / "data"),
    ):
        pass


@pytest.mark.parametrize("written", [None, "no certificate"])
def test_a_certificate_that_cannot_be_read_is_refused(tmp_path: Path, written: str | None) -> None:
    pem = tmp_path / "cert.pem"
    if written:
        pem.write_text(written)
    settings = Settings(
        data_dir=tmp_path / "data", port=0, tls_certificate_file=str(pem), tls_key_file=str(pem)
    )
    with pytest.raises(FileAccessError, match="CRISPDECK_TLS_CERTIFICATE_FILE"):
        serve(settings, print)


@pytest.mark.servers
def test_with_a_certificate_it_speaks_https(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    wish = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out"]
    subprocess.run(["openssl", "req", *wish, *names, str(certificate)], check=True)
    settings = Settings(
        data_dir=tmp_path / "data",
        port=free_port(),
        tls_certificate_file=str(certificate),
        tls_key_file=str(key),
    )
    command = [sys.executable, "-m", "crispdeck.cli", "serve"]
    env = settings.to_child_env()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            said = next(line for line in serving.stdout if "://" in line)
            assert f"https://127.0.0.1:{settings.port}/" in said
            trusting = ssl.create_default_context(cafile=str(certificate))
            client = HTTPSConnection("127.0.0.1", settings.port, context=trusting, timeout=60)
            client.request("GET", "/healthz")
            assert client.getresponse().status == 200
            client.close()
        finally:
            serving.terminate()
            serving.wait(60)
