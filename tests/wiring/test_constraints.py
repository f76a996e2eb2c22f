"""Everything is pinned, the pins fit what pyproject.toml asks for, and the tests run on them."""

from importlib.metadata import PackageNotFoundError, version

from packaging.utils import canonicalize_name

from tests.wiring.repository import EXTRAS, REPOSITORY, declared

PINS = {
    canonicalize_name(name): pin
    for name, _, pin in (
        line.partition("==")
        for line in (REPOSITORY / "constraints.txt").read_text().splitlines()
        if not line.startswith("#")
    )
}


def test_every_dependency_is_pinned_to_a_version_that_fits() -> None:
    unfit = [
        str(asked)
        for asked in declared(*EXTRAS)
        if PINS.get(canonicalize_name(asked.name), "") not in asked.specifier
    ]
    assert unfit == []


def test_no_pin_is_bound_to_one_build() -> None:
    assert {name for name, pin in PINS.items() if "+" in pin or not pin} == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    different = {}
    for name, pin in PINS.items():
        try:
            installed = version(name).partition("+")[0]
        except PackageNotFoundError:
            continue  # another extra, or needed by another version of Python only
        if installed != pin:
            different[name] = (installed, pin)
    assert different == {}
