"""The commands of the images and of compose, run as they stand there, on real servers."""

import json
import os
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.settings import Settings
from tests.infra.manifests import COMPOSE, INFRA, instructions, services
from tests.servers.process import ServerProcess, free_port


@pytest.fixture
def environment(distributed_settings: Settings) -> dict[str, str]:
    """What a container sees: the settings, its host name, our programs on the PATH."""
    settings = replace(distributed_settings, sweep_interval_s=0.5)
    db = Database(settings.effective_database_url)
    db.migrate()
    db.dispose()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return settings.to_child_env() | {"PATH": path, "HOSTNAME": socket.gethostname()}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[ServerProcess]]:
    """Collect what a test starts, and end it."""
    processes: list[ServerProcess] = []
    yield processes
    for process in processes:
        process.stop()


def test_the_web_image_is_healthy_and_takes_a_key_made_by_the_worker_image(
    environment: dict[str, str], running: list[ServerProcess], tmp_path: Path
) -> None:
    port = str(free_port())
    environment |= {"CRISPDECK_HOST": "127.0.0.1", "CRISPDECK_PORT": port}
    command, check = (_in_image("web", which) for which in ("CMD", "HEALTHCHECK"))
    running.append(ServerProcess(command, log=tmp_path / "web.log"))
    running[0].start(lambda: _succeeds(check, environment), env=environment)

    key_command = "crispdeck key new admin"
    assert key_command in COMPOSE.read_text()
    key = subprocess.check_output(key_command.split(), env=environment, text=True).strip()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/decks", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("name", ["worker-cpu", "worker-upscale"])
def test_a_worker_starts_and_is_healthy(
    name: str, environment: dict[str, str], running: list[ServerProcess], tmp_path: Path
) -> None:
    service = services()[name]
    environment["WORKER_NAME"] = service["environment"]["WORKER_NAME"]
    log = tmp_path / "worker.log"
    running.append(ServerProcess(service["command"], log=log))
    running[0].start(lambda: "ready." in log.read_text(), env=environment)
    assert _succeeds(_in_image("worker", "HEALTHCHECK"), environment)


def test_the_sweeper_asks_for_sweeps(
    environment: dict[str, str], running: list[ServerProcess], tmp_path: Path
) -> None:
    command = shlex.join(services()["sweeper"]["command"]).replace("/tmp", str(tmp_path))
    running.append(ServerProcess(shlex.split(command), log=tmp_path / "sweeper.log"))
    with redis.Redis.from_url(environment["CRISPDECK_BROKER_URL"]) as broker:
        running[0].start(lambda: broker.llen(QueueName.MAINTENANCE) > 0, env=environment)


def _in_image(name: str, instruction: str) -> list[str]:
    found = [
        rest for word, rest in instructions(INFRA / f"{name}.Dockerfile") if word == instruction
    ]
    command: list[str] = json.loads(found[-1][found[-1].index("[") :])
    return command


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    return (
        subprocess.run(command, check=False, capture_output=True, env=environment).returncode == 0
    )
