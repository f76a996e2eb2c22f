"""docker-compose.yml built and run for real, where there is a container engine."""

import json
import secrets
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.manifests import INFRA, REPOSITORY
from tests.servers.process import free_port

PROJECT = "crispdeck-test"
BUILD_S = 3600


def _has_engine() -> bool:
    if shutil.which("docker") is None:
        return False
    for asked in (["docker", "info"], ["docker", "compose", "version"]):
        if subprocess.run(asked, capture_output=True, check=False).returncode:
            return False
    return True


pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(BUILD_S),
    pytest.mark.skipif(not _has_engine(), reason="there is no container engine"),
]


class Composed:
    """The running project."""

    def __init__(self, env_file: Path, port: int) -> None:
        self.port = port
        self._command = [
            *("docker", "compose", "-p", PROJECT, "--project-directory", str(REPOSITORY)),
            *("--env-file", str(env_file)),
        ]

    def run(self, *arguments: str) -> str:
        ended = subprocess.run(
            [*self._command, *arguments], capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def status(self, path: str, key: str = "") -> int:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if key:
            asked.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    env_file, port = tmp_path_factory.mktemp("compose") / "env", free_port()
    secret = {
        name: secrets.token_hex(24)
        for name in ("REDIS_PASSWORD", "POSTGRES_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY")
    }
    places = {
        "WEB_ADDRESS": f"127.0.0.1:{port}",
        "STORAGE_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    env_file.write_text("".join(f"{k}={v}\n" for k, v in (secret | places).items()))
    assert (INFRA / "pip.conf").is_file()
    made = Composed(env_file, port)
    try:
        made.run("up", "-d", "--build")
        yield made
    finally:
        made.run("down", "-v", "--remove-orphans")


def test_everything_comes_up_in_one_go(composed: Composed) -> None:
    deadline = time.monotonic() + 300
    while composed.status("/readyz") != 200:
        assert time.monotonic() < deadline
        time.sleep(1)
    lines = composed.run("ps", "-a", "--format", "json").splitlines()
    states = {one["Service"]: one["State"] for one in map(json.loads, lines)}
    assert states.pop("storage-init") == "exited"
    assert set(states.values()) == {"running"}, states


def test_a_key_and_an_operator_are_made_in_the_image(composed: Composed) -> None:
    inside = ("exec", "-T", "worker-cpu", "crispdeck")
    key = composed.run(*inside, "key", "new", "admin").strip()
    assert composed.status("/api/v1/decks", key) == 200
    assert composed.run(*inside, "operator", "new", "anna", "--role", "admin").count("-") >= 3


def test_a_stop_comes_soon(composed: Composed) -> None:
    begun = time.monotonic()
    composed.run("restart", "worker-cpu", "sweeper", "web")
    assert time.monotonic() - begun < 40
