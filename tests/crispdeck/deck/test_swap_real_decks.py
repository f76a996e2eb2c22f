"""Real decks: every low picture is swapped, and only what was swapped differs."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.originals import OriginalsStore, revert
from crispdeck.errors import DeckRefusedError
from tests.decks.building import parts_of
from tests.decks.enhancing import EVERYTHING, Enhanced, enhance
from tests.decks.package_check import package_problems

_XML_EDITS = ("[Content_Types].xml", ".rels")


def enhanced_decks(folder: Path) -> Iterator[tuple[str, Enhanced]]:
    for path in sorted(folder.iterdir()):
        try:
            yield path.name, enhance(path, options=EVERYTHING)
        except DeckRefusedError:
            continue


def allowed_changes(done: Enhanced) -> set[str]:
    """Return the entries that the report says were changed."""
    swapped = done.result.swapped
    media = {s.new_part for s in swapped} | {s.part for s in swapped if not s.copied}
    if all(s.part == s.new_part for s in swapped):
        return media
    names = set(zipfile.ZipFile(io.BytesIO(done.before)).namelist())
    pages = {p.page_part for p in done.scan.placements} if any(s.copied for s in swapped) else set()
    return media | {n for n in names if n.endswith(_XML_EDITS)} | pages


def shapes(deck: bytes) -> list[tuple[Any, ...]] | str:
    """Return what python-pptx sees of every shape, or the kind of error that it opens with."""
    try:
        presentation: Any = Presentation(io.BytesIO(deck))
    except (KeyError, ValueError) as error:
        return type(error).__name__
    return [
        (page, shape.shape_id, shape.name, shape.left, shape.top, shape.width, shape.height)
        for page, slide in enumerate(presentation.slides)
        for shape in slide.shapes
    ]


def check(name: str, done: Enhanced) -> None:
    assert done.changed_names <= allowed_changes(done), name
    assert {s.part for s in done.result.swapped if s.part == s.new_part} <= done.changed_names, name
    assert set(package_problems(done.after)) <= set(package_problems(done.before)), name
    assert shapes(done.after) == shapes(done.before), name


def check_revert(name: str, done: Enhanced, store: OriginalsStore) -> None:
    out = io.BytesIO()
    with open_deck(done.before, allow_signed=True) as archive:
        store.keep_swapped(archive, done.result)
    with open_deck(done.after, allow_signed=True) as archive:
        revert(archive, store, out)
    if all(s.part == s.new_part for s in done.result.swapped):
        assert out.getvalue() == done.before, name
    old, new = parts_of(done.before), parts_of(out.getvalue())
    media = {n for n in old if "/media/" in n}
    assert {n: new.get(n) for n in media} == {n: old[n] for n in media}, name


@pytest.mark.long
@pytest.mark.timeout(600)
def test_in_real_talks_only_the_swapped_pictures_differ_and_all_come_back(
    shared_data: Path, tmp_path: Path
) -> None:
    swapped = 0
    for name, done in enhanced_decks(shared_data / "decks" / "talks"):
        check(name, done)
        check_revert(name, done, OriginalsStore(tmp_path / name))
        swapped += len(done.result.swapped)
    assert swapped > 200


@pytest.mark.long
@pytest.mark.timeout(600)
def test_in_awkward_decks_only_the_swapped_pictures_differ_and_all_come_back(
    shared_data: Path, tmp_path: Path
) -> None:
    swapped = 0
    for name, done in enhanced_decks(shared_data / "decks" / "fixtures"):
        check(name, done)
        check_revert(name, done, OriginalsStore(tmp_path / name))
        swapped += len(done.result.swapped)
    assert swapped > 20
