"""Files of folders and decks among which originals may be; nothing is decoded before it is new."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

import numpy as np

from crispdeck.deck.names import CRISP, DECK_SUFFIXES
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.errors import CrispdeckError
from crispdeck.picture.formats import PICTURE_SUFFIXES, SNIFF_BYTES, sniff
from crispdeck.picture.inspect import inspect
from crispdeck.picture.matching.comparison import comparable
from crispdeck.picture.matching.fingerprint import fingerprint
from crispdeck.picture.matching.proof import luma_of
from crispdeck.picture.notes import original_of
from crispdeck.picture.reading import decode
from crispdeck.services.originals.candidates import LibraryPicture
from crispdeck.settings import Settings

_LEAST_SIDE_PX = 24  # side of a picture that can be anybody's original; a guess


@dataclass(frozen=True, eq=False)
class PictureFile:
    """A file of pixels that was read and not decoded.

    Attributes:
        name: where it is from, for people.
        place: where it lies, as a URL; empty in a deck that is open anyway.
        load: reads it again.
    """

    name: str
    place: str
    sha256: str
    blob: bytes = field(repr=False)
    load: Callable[[], bytes] = field(repr=False)


def read_picture(file: PictureFile, settings: Settings) -> LibraryPicture | None:
    """Decode a picture and take its fingerprint; None where it cannot be anybody's original.

    What Crispdeck made itself is none, however sharp: a network drew it.
    """
    try:
        if original_of(file.blob) is not None:
            return None
        info = inspect(file.blob)
        if info.frames > 1 or min(info.width_px, info.height_px) < _LEAST_SIDE_PX:
            return None
        decoded = decode(file.blob, max_px=settings.max_output_px)
    except CrispdeckError:
        return None
    if decoded.pixels.colour.shape[2] == 4:
        return None
    return LibraryPicture(
        file.name,
        file.sha256,
        info.width_px,
        info.height_px,
        fingerprint(np.ascontiguousarray(luma_of(comparable(decoded.pixels)))),
        file.load,
    )


def files_in(source: Path, settings: Settings) -> Iterator[PictureFile]:
    """Yield the pictures below a folder and in decks that lie there, or those of one file."""
    if not source.is_dir():
        yield from _of_file(source, source.name, settings)
        return
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "~$")):
            name = f"{source.resolve().name}/{path.relative_to(source).as_posix()}"
            yield from _of_file(path, name, settings)


def files_of_deck(deck: DeckArchive, name: str) -> Iterator[PictureFile]:
    """Yield the pictures of an open deck, those in unused parts too; it must stay open.

    Args:
        deck: the deck.
        name: what people call it.
    """
    for part in deck.names:
        yield from _read(_name(name, part), "", partial(deck.read, part))


def _of_file(path: Path, name: str, settings: Settings) -> Iterator[PictureFile]:
    place = path.resolve().as_uri()
    if path.suffix.lower() in PICTURE_SUFFIXES:
        yield from _read(name, place, path.read_bytes)
    elif path.suffix.lower() in DECK_SUFFIXES and Path(path.stem).suffix != CRISP:
        try:
            with open_deck(path, limits=DeckLimits.of(settings), allow_signed=True) as deck:
                for part in deck.names:
                    inside = f"{place}#{quote(part)}"
                    again = partial(load_from, inside, settings)
                    yield from _read(_name(name, part), inside, partial(deck.read, part), again)
        except (CrispdeckError, OSError):
            return  # a library holds what it holds; a damaged deck in it stops nobody's work


def _read(
    name: str, place: str, load: Callable[[], bytes], again: Callable[[], bytes] | None = None
) -> Iterator[PictureFile]:
    """Read a file, and yield it if it is one of pixels.

    Args:
        name, place: as in PictureFile.
        load: reads it now.
        again: reads it later, where that is another way.
    """
    try:
        blob = load()
    except (CrispdeckError, OSError):
        return
    if sniff(blob[:SNIFF_BYTES]).is_raster:
        sha256 = hashlib.sha256(blob).hexdigest()
        yield PictureFile(name, place, sha256, blob, again or load)


def load_from(place: str, settings: Settings) -> bytes:
    """Read the bytes that lie at a place.

    Raises:
        CrispdeckError: the deck cannot be opened, or has no such part any more.
        OSError: the file cannot be read.
    """
    url = urlsplit(place)
    path = Path(unquote(url.path))
    if not url.fragment:
        return path.read_bytes()
    with open_deck(path, limits=DeckLimits.of(settings), allow_signed=True) as deck:
        return deck.read(unquote(url.fragment))


def is_at(place: str, sha256: str, settings: Settings) -> bool:
    """Tell whether these very bytes lie at a place."""
    try:
        return hashlib.sha256(load_from(place, settings)).hexdigest() == sha256
    except (CrispdeckError, OSError):
        return False


def _name(deck: str, part: str) -> str:
    return f"{deck}, {PurePosixPath(part).name}"
