"""Pictures of folders and decks in memory, among which originals are looked for."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.services.originals.candidates import LibraryPicture, ask, likeliest
from crispdeck.services.originals.files import (
    PictureFile,
    files_in,
    files_of_deck,
    read_picture,
)
from crispdeck.settings import Settings


class Library:
    """Pictures, of equal ones the first, with their fingerprints."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pictures: dict[str, LibraryPicture] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    def add_deck(self, deck: DeckArchive, name: str) -> None:
        """Add all pictures of an open deck, those in unused parts too; it must stay open.

        Args:
            deck: the deck.
            name: what people call it.
        """
        self._add(files_of_deck(deck, name))

    def add_folder(self, folder: Path) -> None:
        """Add all pictures below a folder, and those in decks that lie there."""
        self._add(files_in(folder, self._settings))

    def _add(self, files: Iterable[PictureFile]) -> None:
        for file in files:
            if file.sha256 not in self._pictures:
                picture = read_picture(file, self._settings)
                if picture is not None:
                    self._pictures[file.sha256] = picture

    def candidates(self, blob: bytes) -> list[LibraryPicture]:
        """List what may be the original of a picture, the likeliest first.

        Raises:
            CrispdeckError: the picture cannot be read.
        """
        asked = ask(blob, self._settings)
        pictures = self._pictures.values()
        counts = Counter(word for one in pictures for word in one.fingerprint.words)

        def shared(one: LibraryPicture) -> float:
            weights = {word: 1 / counts[word] for word in one.fingerprint.words}
            return asked.question.shared(weights)

        return likeliest(asked, pictures, shared)
