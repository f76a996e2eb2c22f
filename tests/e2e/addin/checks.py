"""What holds of a saved deck, told by programs that are not under test."""

from tests.decks.package_check import package_problems
from tests.e2e.addin.decks import (
    assert_sharper,
    changed_pictures,
    design_of,
    pictures_of,
    slides_of,
)


def assert_only_pictures_changed(before: bytes, after: bytes, sharp: set[tuple[int, int]]) -> None:
    """These pictures are sharp; every slide, layout, note and other picture is as it was."""
    assert [p for p in package_problems(after) if p not in package_problems(before)] == []
    assert slides_of(after) == slides_of(before)
    assert design_of(after) == design_of(before)
    assert changed_pictures(before, after) == sharp
    old, new = pictures_of(before), pictures_of(after)
    for at in sharp:
        assert_sharper(old[at], new[at])


def assert_as_before(before: bytes, after: bytes) -> None:
    """Nothing changed: above all, every picture has its original bytes."""
    assert_only_pictures_changed(before, after, set())
