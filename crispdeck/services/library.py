"""Pictures among which the originals of small ones are looked for, and the likeliest of them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.deck.names import CRISP, DECK_SUFFIXES
from crispdeck.errors import CrispdeckError
from crispdeck.picture.formats import SNIFF_BYTES, sniff
from crispdeck.picture.inspect import inspect
from crispdeck.picture.matching.comparison import comparable
from crispdeck.picture.matching.fingerprint import Fingerprint, Question, fingerprint, question
from crispdeck.picture.matching.proof import LEAST_FACTOR, luma_of
from crispdeck.picture.notes import original_of
from crispdeck.picture.reading import decode
from crispdeck.settings import Settings

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"})
MOST_BITS = 14
"""Of the 64 of two whole frames that may differ: true originals have 10 and fewer also when they
were cropped by a tenth; unrelated pictures have 32 with a sigma of 4."""
LEAST_SHARED = 1.5
"""Features that a crop shares with its original, each divided by how many pictures have it."""
_UNRELATED_BITS = 32
_LEAST_SIDE_PX = 24


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

    def add(self, name: str, load: Callable[[], bytes]) -> bool:
        """Add a picture; False where it cannot serve: no pixels, too small, or our own work."""
        found = read_picture(name, load, self._settings)
        if found is None:
            return False
        self._pictures.setdefault(found.sha256, found)
        return True

    def add_deck(self, deck: DeckArchive, name: str, *, where: Path | None = None) -> None:
        """Add all pictures of a deck, those in unused parts too.

        Args:
            deck: an open deck.
            name: what people call it.
            where: the file to read them from later; None: `deck`, which stays open.
        """
        for part in deck.names:
            load = partial(deck.read, part)
            found = read_picture(f"{name}, {PurePosixPath(part).name}", load, self._settings)
            if found is not None and found.sha256 not in self._pictures:
                if where is not None:
                    again = partial(_part_of, where, part, self._settings)
                    found = LibraryPicture(
                        found.name,
                        found.sha256,
                        found.width_px,
                        found.height_px,
                        found.fingerprint,
                        again,
                    )
                self._pictures[found.sha256] = found

    def add_folder(self, folder: Path) -> None:
        """Add all pictures below a folder, and those in decks that lie there."""
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            suffix = path.suffix.lower()
            if path.name.startswith((".", "~$")) or not path.is_file():
                continue
            if suffix in PICTURE_SUFFIXES:
                self.add(name, path.read_bytes)
            elif suffix in DECK_SUFFIXES and Path(path.stem).suffix != CRISP:
                self._add_deck_file(path, name)

    def _add_deck_file(self, path: Path, name: str) -> None:
        try:
            with open_deck(path, limits=DeckLimits.of(self._settings), allow_signed=True) as deck:
                self.add_deck(deck, name, where=path)
        except (CrispdeckError, OSError):
            return  # a library holds what it holds; a damaged deck in it stops nobody's work

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
    return [picture for _, _, picture in sorted(found, key=lambda one: one[:2])]


def read_picture(
    name: str, load: Callable[[], bytes], settings: Settings
) -> LibraryPicture | None:
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


def _part_of(path: Path, part: str, settings: Settings) -> bytes:
    with open_deck(path, limits=DeckLimits.of(settings), allow_signed=True) as deck:
        return deck.read(part)
