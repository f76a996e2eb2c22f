"""A library in the records follows the files of a folder, and decodes none of them twice."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("cv2")

from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.library import list_library
from crispdeck.services.originals import files as originals_files
from crispdeck.services.originals.files import files_in
from crispdeck.services.originals.index import Added, add_files, candidates_in
from crispdeck.settings import Settings
from tests.crispdeck.picture.matching.test_proof import page

SETTINGS = Settings()


class Shelf:
    """A tenant's library and the folder that it was filled from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "Brand"
        self.folder.mkdir()
        page().save(self.folder / "page.png")
        self.db = Database(f"sqlite:///{folder / 'records.db'}")
        self.db.migrate()
        self.tenant_id = create_tenant(self.db, "sales")

    def add(self) -> Added:
        files = files_in(self.folder, SETTINGS)
        return add_files(self.db, self.tenant_id, files, SETTINGS, added_by="ada")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def small() -> bytes:
    out = io.BytesIO()
    page().resize((160, 100), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def test_a_file_that_was_moved_is_found_where_it_lies_now(shelf: Shelf) -> None:
    assert shelf.add() == Added(new=1, moved=0)
    (shelf.folder / "old").mkdir()
    shutil.move(shelf.folder / "page.png", shelf.folder / "old" / "cover.png")
    assert shelf.add() == Added(new=0, moved=1)
    (kept,) = list_library(shelf.db, shelf.tenant_id)
    assert kept.name == "Brand/old/cover.png"
    (found,) = candidates_in(shelf.db, shelf.tenant_id, small(), SETTINGS)
    assert found.load() == (shelf.folder / "old" / "cover.png").read_bytes()


def test_a_copy_beside_the_first_changes_nothing(shelf: Shelf) -> None:
    shelf.add()
    shutil.copy(shelf.folder / "page.png", shelf.folder / "a copy.png")
    assert shelf.add() == Added(new=0, moved=0)
    assert [one.name for one in list_library(shelf.db, shelf.tenant_id)] == ["Brand/page.png"]


def test_a_file_that_is_known_by_its_bytes_is_not_decoded_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(originals_files, "decode", never)
    assert shelf.add() == Added(new=0, moved=0)


def test_another_tenant_finds_nothing_and_may_add_the_same(shelf: Shelf) -> None:
    shelf.add()
    other = create_tenant(shelf.db, "training")
    assert candidates_in(shelf.db, other, small(), SETTINGS) == []
    files = files_in(shelf.folder, SETTINGS)
    assert add_files(shelf.db, other, files, SETTINGS, added_by="bob") == Added(new=1, moved=0)
    assert len(candidates_in(shelf.db, other, small(), SETTINGS)) == 1
