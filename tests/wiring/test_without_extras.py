"""Tests whose extra is not installed are skipped and say what to install."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wiring.repository import REPOSITORY

FOLDER = "tests/e2e/addin"
"""Naming it loads its own conftest and that of the folder above before anything is collected."""

# Python runs it at its start: to everything after, playwright is not installed.
HIDING = """
import sys
from importlib.machinery import PathFinder

class Hiding(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "playwright" else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding
"""


def test_a_folder_that_is_named_is_skipped_whole(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDING)
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--co", FOLDER]
    path = os.pathsep.join((str(tmp_path), str(REPOSITORY)))
    ran = subprocess.run(
        asked,
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert ran.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, ran.stdout + ran.stderr
    assert "needs playwright: pip install" in ran.stdout
