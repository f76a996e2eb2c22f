"""What each program needs to start: the web no torch and no worker, the worker no Flask."""

import ast
import subprocess
import sys
import time
from importlib.metadata import distribution, packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.wiring.repository import EXTRAS, declared, our_texts

# Runs in a fresh interpreter: names that the extra does not bring count as not installed.
IMPORT_WITHOUT = """\
import importlib, sys
module, *hidden = sys.argv[1:]
sys.modules.update(dict.fromkeys(hidden))
importlib.import_module(module)
"""
FIRST_MODULES = {"web": "web.app", "worker": "worker.app", "cpu-worker": "worker.app"}


def _closure(*extras: str) -> set[str]:
    """Give the distributions that `pip install .[extras]` would bring, from their metadata."""
    found = {"crispdeck"}
    waiting = [(needs.name, each) for needs in declared(*extras) for each in ("", *needs.extras)]
    while waiting:
        name, wanted = waiting.pop()
        found.add(canonicalize_name(name))
        for line in distribution(name).requires or []:
            needs = Requirement(line)
            if needs.marker is None or needs.marker.evaluate({"extra": wanted}):
                more = [(needs.name, each) for each in ("", *needs.extras)]
                waiting += [each for each in more if canonicalize_name(needs.name) not in found]
    return found


def _hidden(extra: str) -> list[str]:
    """Give the top-level modules that are installed here and would not be there."""
    there = _closure(extra)
    return [
        module
        for module, owners in packages_distributions().items()
        if not there & {canonicalize_name(owner) for owner in owners}
    ]


def test_the_web_installs_no_torch() -> None:
    web = _closure("web")
    assert "flask" in web
    assert not {name for name in web if name.startswith(("torch", "nvidia", "safetensors"))}


def test_a_worker_that_takes_decks_apart_installs_no_torch() -> None:
    cpu = _closure("cpu-worker")
    assert "celery" in cpu
    assert not {name for name in cpu if name.startswith(("torch", "nvidia-cu", "safetensors"))}


def test_the_worker_installs_no_flask() -> None:
    worker = _closure("worker")
    assert "torch" in worker
    assert "flask" not in worker


@pytest.mark.parametrize(
    ("extra", "other"), [("web", "worker"), ("worker", "web"), ("cpu-worker", "web")]
)
def test_it_starts_with_its_own_extra_alone(extra: str, other: str) -> None:
    # Python's own tools are no part of a program but may stand in the environment.
    hidden = [name for name in _hidden(extra) if name not in {"pip", "setuptools"}]
    assert "pytest" in hidden
    command = [sys.executable, "-c", IMPORT_WITHOUT, FIRST_MODULES[extra], *hidden, other]
    started = subprocess.run(command, check=False, capture_output=True, text=True)
    assert started.returncode == 0, started.stderr


def test_everything_imported_comes_with_a_declared_dependency() -> None:
    known = _closure(*EXTRAS)
    owners = packages_distributions()
    undeclared = {
        f"{path}: {module}"
        for path, text in our_texts().items()
        if path.suffix == ".py"
        for module in _imported(ast.parse(text))
        if module in owners and not known & set(map(canonicalize_name, owners[module]))
    }
    assert undeclared == set()


def _imported(tree: ast.Module) -> set[str]:
    """Give the top-level names of all absolute imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_the_command_line_is_there_at_once() -> None:
    code = (
        "import sys, crispdeck.cli; print(*sorted({'torch', 'celery', 'flask'} & set(sys.modules)))"
    )
    began = time.monotonic()
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    took_s = time.monotonic() - began
    assert shown.stdout.strip() == ""
    assert took_s < 5
