"""The library in the records: pictures added, and found by what a small one shares with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from crispdeck.picture.matching.fingerprint import Fingerprint, Question
from crispdeck.picture.matching.marks import bands_of, near_bands
from crispdeck.records.database import Database
from crispdeck.records.shelf.library import (
    Candidate,
    NewLibraryPicture,
    add_to_library,
    find_by_sha256,
    find_in_library,
    move_in_library,
)
from crispdeck.services.originals.candidates import LibraryPicture, ask, likeliest
from crispdeck.services.originals.files import PictureFile, is_at, load_from, read_picture
from crispdeck.settings import Settings


@dataclass(frozen=True)
class Added:
    """What became of files that were added.

    Attributes:
        new: pictures that the library did not have.
        moved: those that it had, at a place where they no longer are.
    """

    new: int
    moved: int


def add_files(
    db: Database,
    tenant_id: str,
    files: Iterable[PictureFile],
    settings: Settings,
    *,
    added_by: str,
) -> Added:
    """Bring a tenant's library up to date with files; those that it has are not decoded again."""
    moved: list[int] = []

    def new() -> Iterator[NewLibraryPicture]:
        for file in _each_once(files):
            known = find_by_sha256(db, tenant_id, file.sha256)
            if known is None:
                picture = read_picture(file, settings)
                if picture is not None:
                    yield _to_add(picture, file.place, added_by)
            # Equal files may lie in several places: the first one counts while it is there.
            elif known.place != file.place and not is_at(known.place, file.sha256, settings):
                move_in_library(db, tenant_id, known.id, name=file.name, place=file.place)
                moved.append(known.id)

    return Added(add_to_library(db, tenant_id, new()), len(moved))


def _each_once(files: Iterable[PictureFile]) -> Iterator[PictureFile]:
    seen = set()
    for file in files:
        if file.sha256 not in seen:
            seen.add(file.sha256)
            yield file


def _to_add(picture: LibraryPicture, place: str, added_by: str) -> NewLibraryPicture:
    return NewLibraryPicture(
        sha256=picture.sha256,
        name=picture.name,
        place=place,
        added_by=added_by,
        width_px=picture.width_px,
        height_px=picture.height_px,
        frame=picture.fingerprint.frame,
        words=picture.fingerprint.words,
    )


def candidates_in(
    db: Database, tenant_id: str, blob: bytes, settings: Settings
) -> list[LibraryPicture]:
    """List what in a tenant's library may be the original of a picture, the likeliest first.

    Raises:
        CrispdeckError: the picture cannot be read.
    """
    asked = ask(blob, settings)
    found = find_in_library(db, tenant_id, _bands(asked.question), asked.question.words)
    shared = {one.picture.sha256: one.shared for one in found}
    pictures = [_picture(one, settings) for one in found]
    return likeliest(asked, pictures, lambda one: shared[one.sha256])


def _bands(asked: Question) -> list[tuple[int, int]]:
    """List the bands to look for: near ones of the frame as it is, equal ones of its turns."""
    upright, *turned = asked.frames
    return [
        *near_bands(upright),
        *(pair for frame in turned for pair in enumerate(bands_of(frame))),
    ]


def _picture(found: Candidate, settings: Settings) -> LibraryPicture:
    record = found.picture
    return LibraryPicture(
        record.name,
        record.sha256,
        record.width_px,
        record.height_px,
        Fingerprint(found.frame, ()),
        partial(load_from, record.place, settings),
    )
