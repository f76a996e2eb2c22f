"""Pictures among which the originals of small ones are looked for, and the likeliest of them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
from crispdeck.picture.matching.fingerprint import Fingerprint, Question, fingerprint, question
from crispdeck.picture.matching.proof import LEAST_FACTOR, luma_of
from crispdeck.picture.notes import original_of
from crispdeck.picture.reading import decode
from crispdeck.settings import Settings

MOST_BITS = 14
"""Of the 64 of two whole frames that may differ: true originals have 10 and fewer also when they
were cropped by a tenth; unrelated pictures have 32 with a sigma of 4."""
LEAST_SHARED = 2.0
"""Features that a crop shares with its original, each divided by how many pictures have it."""
_UNRELATED_BITS = 32  # of 64 in which hashes of two unrelated pictures differ: half of them
_NEAR_BEST = 0.4
"""Share of the likeliest one's score below which none is looked at: proving takes a second."""
_LEAST_SIDE_PX = 24  # side of a picture that can be anybody's original; a guess


@dataclass(frozen=True, eq=False)
class LibraryPicture:
    """A picture that may be the original of another.

    Attributes:
        name: where it is from, for people.
        load: gives its file.
    """

    name: str
    sha256: str
    width_px: int
    height_px: int
    fingerprint: Fingerprint = field(repr=False)
    load: Callable[[], bytes] = field(repr=False)


class Library:
    """Pictures of folders and decks, their fingerprints in memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pictures: dict[str, LibraryPicture] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    def add(self, picture: LibraryPicture) -> None:
        """Add a picture, once only."""
        self._pictures.setdefault(picture.sha256, picture)

    def add_deck(self, deck: DeckArchive, name: str) -> None:
        """Add all pictures of an open deck, those in unused parts too; it must stay open.

        Args:
            deck: the deck.
            name: what people call it.
        """
        for part in deck.names:
            found = read_picture(_name(name, part), partial(deck.read, part), self._settings)
            if found is not None:
                self.add(found)

    def add_folder(self, folder: Path) -> None:
        """Add all pictures below a folder, and those in decks that lie there."""
        for _, picture in pictures_of_folder(folder, self._settings):
            self._pictures.setdefault(picture.sha256, picture)

    def candidates(self, blob: bytes) -> list[LibraryPicture]:
        """List what may be the original of a picture, the likeliest first.

        Raises:
            CrispdeckError: the picture cannot be read.
        """
        small = decode(blob, max_px=self._settings.max_input_px)
        asked = question(luma_of(comparable(small.pixels)))
        sizes = LEAST_FACTOR * small.info.px
        return likeliest(
            asked, [one for one in self._pictures.values() if one.width_px * one.height_px >= sizes]
        )


def likeliest(asked: Question, pictures: Sequence[LibraryPicture]) -> list[LibraryPicture]:
    """Keep what is near enough in the whole frame or shares rare features, the nearest first."""
    counts = Counter(word for picture in pictures for word in picture.fingerprint.words)
    found = []
    for picture in pictures:
        bits = asked.apart_bits(picture.fingerprint)
        shared = asked.shared({word: 1 / counts[word] for word in picture.fingerprint.words})
        if bits <= MOST_BITS or shared >= LEAST_SHARED:
            found.append((-shared - max(0, _UNRELATED_BITS - bits), picture.sha256, picture))
    found.sort(key=lambda one: one[:2])
    return [picture for score, _, picture in found if score <= _NEAR_BEST * found[0][0]]


def read_picture(name: str, load: Callable[[], bytes], settings: Settings) -> LibraryPicture | None:
    """Read a picture and take its fingerprint; None where it cannot be anybody's original.

    What Crispdeck made itself is none, however sharp: a network drew it.
    """
    try:
        blob = load()
        if not sniff(blob[:SNIFF_BYTES]).is_raster or original_of(blob) is not None:
            return None
        info = inspect(blob)
        if info.frames > 1 or min(info.width_px, info.height_px) < _LEAST_SIDE_PX:
            return None
        decoded = decode(blob, max_px=settings.max_output_px)
        if decoded.pixels.colour.shape[2] == 4:
            return None
        grey = np.ascontiguousarray(luma_of(comparable(decoded.pixels)))
    except (CrispdeckError, OSError):
        return None
    return LibraryPicture(
        name,
        hashlib.sha256(blob).hexdigest(),
        info.width_px,
        info.height_px,
        fingerprint(grey),
        load,
    )


def pictures_of_folder(folder: Path, settings: Settings) -> Iterator[tuple[str, LibraryPicture]]:
    """Yield all pictures below a folder and those in decks that lie there, each with its place."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "~$")):
            name = f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"
            yield from pictures_of_file(path, name, settings)


def pictures_of_file(
    path: Path, name: str, settings: Settings
) -> Iterator[tuple[str, LibraryPicture]]:
    """Yield the picture in a file, or those of a deck, each with its place as a URL."""
    place = path.resolve().as_uri()
    if path.suffix.lower() in PICTURE_SUFFIXES:
        found = read_picture(name, path.read_bytes, settings)
        if found is not None:
            yield place, found
    elif path.suffix.lower() in DECK_SUFFIXES and Path(path.stem).suffix != CRISP:
        try:
            with open_deck(path, limits=DeckLimits.of(settings), allow_signed=True) as deck:
                yield from _of_deck(deck, path, name, settings)
        except (CrispdeckError, OSError):
            return  # a library holds what it holds; a damaged deck in it stops nobody's work


def _of_deck(
    deck: DeckArchive, path: Path, name: str, settings: Settings
) -> Iterator[tuple[str, LibraryPicture]]:
    for part in deck.names:
        found = read_picture(_name(name, part), partial(deck.read, part), settings)
        if found is not None:
            place = f"{path.resolve().as_uri()}#{quote(part)}"
            yield place, replace(found, load=partial(load_from, place, settings))


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


def _name(deck: str, part: str) -> str:
    return f"{deck}, {PurePosixPath(part).name}"
