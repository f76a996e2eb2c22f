"""Every command that README, compose and the docs of Kubernetes name works as the images' user."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crispdeck.records.database import Database
from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.operators import list_operators
from crispdeck.settings import Settings
from tests.infra.manifests import COMPOSE, KUBERNETES, REPOSITORY

TOLD_IN = (COMPOSE, KUBERNETES / "README.md", REPOSITORY / "README.md")
COMMAND = re.compile(
    r"(?:exec worker-cpu|deploy/worker-cpu --) (crispdeck [a-z].*?)(?:\s{2,}.*)?$", re.MULTILINE
)
NAMELESS = (
    "import pwd\n"
    "def nobody(uid): raise KeyError(f'getpwuid(): uid not found: {uid}')\n"
    "pwd.getpwuid = nobody\n"
    "from crispdeck.cli import main\n"
    "main()"
)
"""A user without an entry in /etc/passwd, as any container platform may choose one."""


def told() -> list[str]:
    found = [one for path in TOLD_IN for one in COMMAND.findall(path.read_text())]
    return sorted({one.split("   ")[0].strip() for one in found})


def test_commands_are_told() -> None:
    assert "crispdeck key new admin" in told()
    assert "crispdeck operator new anna --role admin" in told()


@pytest.fixture
def nameless(tmp_path: Path) -> dict[str, str]:
    """What a container sees whose user has a number and no name."""
    names = {"USER", "LOGNAME", "LNAME", "USERNAME"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    ours = {"CRISPDECK_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(REPOSITORY)}
    return kept | ours | {"HOME": "/tmp"}


def run(command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = command.split()
    assert words[0] == "crispdeck"
    return subprocess.run(
        [sys.executable, "-c", NAMELESS, *words[1:]],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", told())
def test_a_command_of_the_documents_works_for_a_user_without_a_name(
    command: str, nameless: dict[str, str]
) -> None:
    ended = run(command, nameless)
    assert ended.returncode == 0, ended.stderr


def test_an_operator_is_made_shown_and_audited_in_one_go(nameless: dict[str, str]) -> None:
    made = run("crispdeck operator new anna --role admin", nameless)
    assert made.returncode == 0, made.stderr
    assert re.search(r"[a-z0-9]{5}(-[a-z0-9]{5}){3}", made.stdout)
    again = run("crispdeck operator password anna", nameless)
    assert again.returncode == 0, again.stderr
    settings = Settings(data_dir=Path(nameless["CRISPDECK_DATA_DIR"]))
    db = Database(settings.effective_database_url)
    assert [one.name for one in list_operators(db)] == ["anna"]
    seen = list_audit(db).items
    assert [one.action for one in seen] == ["operator.reset_password", "operator.create"]
    assert {one.actor for one in seen} == {f"command line (uid {os.getuid()})"}
    db.dispose()


def test_the_data_folder_is_for_who_runs_it_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    subprocess.run(
        [sys.executable, "-m", "crispdeck.cli", "key", "new", "first"],
        env=os.environ | {"CRISPDECK_DATA_DIR": str(data), "PYTHONPATH": str(REPOSITORY)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "crispdeck.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "program",
    [
        ["crispdeck.cli", "serve", "--port", "0"],
        ["crispdeck.cli", "key", "new", "x"],
        ["celery", "-A", "worker.app", "worker"],
        ["web.serving"],
    ],
    ids=" ".join,
)
def test_a_data_folder_that_cannot_be_is_a_sentence(program: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *program],
        env=os.environ | {"CRISPDECK_DATA_DIR": "/proc/no-such", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode not in {0, -9}
    assert "CRISPDECK_DATA_DIR=/proc/no-such cannot be written" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
