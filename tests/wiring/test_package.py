"""The built wheel holds all that the programs need, and works away from the repository."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.wiring.repository import REPOSITORY, our_files

PACKAGES = ("crispdeck", "web", "worker")
MIGRATE = """\
import sys, crispdeck, worker, web
from crispdeck.records.database import Database
for package in (crispdeck, worker, web):
    assert package.__file__.startswith(sys.argv[1]), package.__file__
db = Database(f"sqlite:///{sys.argv[1]}/crispdeck.db")
db.migrate()
db.ping()
db.dispose()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, since a build leaves its scratch in the tree."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("out")
    wanted = [path for path in our_files() if path.parts[0] in PACKAGES]
    for path in [*wanted, *map(Path, ("pyproject.toml", "README.md", "LICENSE"))]:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / path, tree / path)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "-w", out, tree], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_every_file_of_the_packages_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    ours = {path.as_posix() for path in our_files() if path.parts[0] in PACKAGES}
    ours -= {name for name in ours if name.startswith("web/types/")}  # only checks read these
    assert ours - packed == set()


def test_the_licence_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith("/licenses/LICENSE") for name in archive.namelist())


def test_the_wheel_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(tmp_path)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    ran = subprocess.run(
        [sys.executable, "-c", MIGRATE, tmp_path],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert ran.returncode == 0, ran.stderr


def test_the_console_script_starts() -> None:
    script = Path(sys.executable).with_name("crispdeck")
    shown = subprocess.run([script, "--help"], check=True, capture_output=True, text=True)
    for command in ("scan", "enhance", "upscale", "revert", "serve"):
        assert command in shown.stdout
