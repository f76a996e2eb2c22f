"""Equal pictures of a deck taken together, so that each is made once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crispdeck.deck.model import PicturePart
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.errors import BadInputError


@dataclass
class EqualPictures:
    """Parts of equal bytes: they stay equal, so all get the largest factor that one needs."""

    sha256: str
    pictures: list[PicturePart]
    scale: int

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that hold these bytes, in the order of the scan."""
        return tuple(picture.part for picture in self.pictures)


def group_equal(
    deck: DeckArchive, pictures: Sequence[PicturePart]
) -> tuple[list[EqualPictures], list[tuple[PicturePart, BadInputError]]]:
    """Group low pictures by their bytes, in the order given.

    Returns:
        The groups, and what could not be read with its reason; that costs the others nothing.
    """
    groups: dict[str, EqualPictures] = {}
    unreadable: list[tuple[PicturePart, BadInputError]] = []
    for picture in pictures:
        try:
            sha256 = hashlib.sha256(deck.read(picture.part)).hexdigest()
        except BadInputError as error:
            unreadable.append((picture, error))
            continue
        group = groups.setdefault(sha256, EqualPictures(sha256, [], 1))
        group.pictures.append(picture)
        group.scale = max(group.scale, picture.scale or 1)
    return list(groups.values()), unreadable
