"""Tests lie where their modules do: crispdeck/deck/swap.py in tests/crispdeck/deck/test_swap.py."""

from pathlib import Path

from tests.wiring.repository import our_files

PACKAGES = {"crispdeck", "web", "worker"}

LEAST_SHARE = 0.50
"""Of modules with a test file of their own; it may rise, and does not fall. It was 0.30 when files
were named after what they try. What only draws, measures or declares has none, and needs none."""


def test_most_modules_have_their_own_test_and_no_fewer_than_before() -> None:
    modules, mirrored = _modules(), _mirrored()
    share = len(mirrored) / len(modules)
    missing = sorted(str(path) for path in modules - mirrored)
    assert share >= LEAST_SHARE, f"{share:.3f}; without a test of their own: {', '.join(missing)}"


def test_a_test_lies_in_no_folder_that_the_source_does_not_have() -> None:
    folders = {path.parent for path in _modules()}
    strays = {
        str(path)
        for path in _tests()
        if path.parts[1] in PACKAGES and Path(*path.parts[1:-1]) not in folders
    }
    assert strays == set()


def _modules() -> set[Path]:
    """Every module but those that hold nothing of their own."""
    return {
        path
        for path in our_files()
        if path.parts[0] in PACKAGES
        and path.suffix == ".py"
        and path.name not in {"__init__.py", "__main__.py"}
        and "migrations" not in path.parts
    }


def _tests() -> set[Path]:
    return {
        path
        for path in our_files()
        if path.parts[0] == "tests" and path.match("test_*.py") and len(path.parts) > 2
    }


def _mirrored() -> set[Path]:
    tests = _tests()
    return {path for path in _modules() if "tests" / path.with_name(f"test_{path.name}") in tests}
