"""Keep the original bytes of swapped pictures and put them back; knows no network and no queue.

What is kept is found by the SHA-256 of the picture that took the original's place, so it is found
again in a deck that was edited, renamed or sent around. Each original is a zip of one entry, packed
exactly as it lay in the deck: any zip program opens it, and a deck whose pictures kept their format
comes back byte for byte.
"""

import hashlib
import io
import os
import posixpath
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.part_uses import UsesIndex
from crispdeck.deck.rewiring import Rewiring, all_relationships
from crispdeck.deck.swapped import SwapResult
from crispdeck.deck.zip.directory import find_directory, read_entries
from crispdeck.deck.zip.raw import STORED, Packed, pack, read_packed, single_entry_zip
from crispdeck.errors import SwapRefusedError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.notes import original_of, read_notes

_CHUNK_BYTES = 1 << 20  # read at a time for a hash; a guess
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as it lay in the deck before the swap."""

    part: str
    """Its name then, "" where that is not known."""
    format: PictureFormat
    packed: Packed


class Originals(Protocol):
    """Finds originals by what replaced them."""

    def originals(self, new_sha256: str) -> Iterator[Original]:
        """Yield every original that this picture replaced, in a fixed order."""
        ...


def write_original(original: Original) -> bytes:
    """Write an original as a zip of one entry, which keeps its name and its packing."""
    name = original.part or f"original.{original.format.extension}"
    return single_entry_zip(name, original.packed)


def read_original(blob: bytes) -> Original:
    """Read what `write_original` wrote."""
    file = io.BytesIO(blob)
    (entry,) = read_entries(file, find_directory(file, len(blob)))
    data = blob[entry.data_offset : entry.data_offset + entry.compressed_bytes]
    packed = Packed(entry.method, data, entry.crc32, entry.size_bytes)
    part = entry.name if "/" in entry.name else ""
    return Original(part, sniff(packed.unpack()[:SNIFF_BYTES]), packed)


def swapped_originals(deck: DeckArchive, result: SwapResult) -> Iterator[tuple[str, Original]]:
    """Yield, for each picture that a swap of `deck` wrote, its SHA-256 and the one it replaced."""
    for swapped in result.swapped:
        packed = read_packed(deck, deck.entry(swapped.part))
        kind = sniff(packed.unpack()[:SNIFF_BYTES])
        yield swapped.new_sha256, Original(swapped.part, kind, packed)


class OriginalsStore:
    """Originals in a folder, by the SHA-256 of what replaced them.

    One new picture may have several originals: files that differ in their bytes and show the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self,
        new_sha256: str,
        original: bytes | Packed,
        original_format: PictureFormat,
        *,
        part: str = "",
    ) -> None:
        """Keep an original until someone asks for it; keeping it twice changes nothing.

        `part` is the name it had, so that it can have it again. A file appears whole or not at all.
        """
        packed = original if isinstance(original, Packed) else pack(original, STORED)
        blob = write_original(Original(part, original_format, packed))
        target = self._place(new_sha256) / f"{hashlib.sha256(blob).hexdigest()}.zip"
        if not target.exists():
            _write_whole(target, blob)

    def keep_swapped(self, deck: DeckArchive, result: SwapResult) -> None:
        """Keep the originals of all pictures that a swap of this deck replaced."""
        for new_sha256, original in swapped_originals(deck, result):
            self.keep(new_sha256, original.packed, original.format, part=original.part)

    def find(self, new_sha256: str) -> tuple[bytes, PictureFormat] | None:
        """Return an original's bytes and format, None where none is kept."""
        for original in self.originals(new_sha256):
            return original.packed.unpack(), original.format
        return None

    def originals(self, new_sha256: str) -> Iterator[Original]:
        """Yield every original that this picture replaced, in a fixed order.

        Raises:
            SwapRefusedError: a kept file was changed.
        """
        for path in sorted(self._place(new_sha256).glob("*.zip")):
            yield _read_whole(path)

    def _place(self, new_sha256: str) -> Path:
        if not _SHA256.fullmatch(new_sha256):
            raise ValueError(f"not a SHA-256: {new_sha256!r}")
        return self._folder / new_sha256[:2] / new_sha256


def _write_whole(target: Path, blob: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read_whole(path: Path) -> Original:
    blob = path.read_bytes()
    if hashlib.sha256(blob).hexdigest() != path.stem:
        raise SwapRefusedError(f"The kept original {path.stem} was changed or is damaged.")
    return read_original(blob)


def revert(
    deck: DeckArchive,
    store: Originals,
    out: BinaryIO,
    parts: Collection[str] | None = None,
) -> SwapResult:
    """Write the deck to `out` with the originals in the place of all known pictures.

    Args:
        deck: a deck, with swapped pictures or without.
        store: where the originals are kept.
        out: gets the deck; needs no seek.
        parts: the pictures to put back, by their present names; None: all that are known.

    Raises:
        SwapRefusedError: for one of `parts` no original is kept, or it is damaged.
    """
    reverting = _Reverting(deck, store)
    for part in reverting.media() if parts is None else sorted(set(parts)):
        is_known = part in deck and reverting.put_back(part)
        if parts is not None and not is_known:
            raise SwapRefusedError(f"No original is kept for {part[:200]!r}.")
    return reverting.rewiring.write(out)


class _Reverting:
    """One revert under way."""

    def __init__(self, deck: DeckArchive, store: Originals) -> None:
        self._deck = deck
        self._store = store
        self._index = UsesIndex(deck, all_relationships(deck))
        self._names = set(deck.names)
        self.rewiring = Rewiring(deck)

    def media(self) -> list[str]:
        """Return the parts that some relationship points to and that hold pixels."""
        return [
            part
            for part in self._deck.names
            if self._index.relationships_to(part) and self._may_hold_pixels(part)
        ]

    def put_back(self, part: str) -> bool:
        """Plan to put a part's original back; False where none is known."""
        originals = list(self._store.originals(self._sha256(part)))
        if not originals:
            return False
        original = self._best(part, originals)
        content = partial(_packed, original)
        declared = self._deck.package.content_type(part)
        if self._still_has(original, part):
            self.rewiring.merge(part, original.part)
            self._repoint(part, original.part)
        elif part == original.part or original.format.is_declared_as(declared):
            self.rewiring.replace(part, content)
        else:
            preferred = original.part or None
            new_part = self.rewiring.move(part, original.format, content, preferred)
            self._names.add(new_part)
            self._repoint(part, new_part)
        return True

    def _best(self, part: str, originals: list[Original]) -> Original:
        """Choose the original that the picture names, then the one of this very place.

        Files that show the same and say different things had one successor before successors
        named their originals. Where that leaves it open, what says the least is taken: no deck
        may come back with the author or the place that stood in another's picture. Among equal
        ones name, copy and packing tell; then whose name fits into this deck.
        """
        named = original_of(self._deck.read(part))
        blobs = {id(o): o.packed.unpack() for o in originals}
        if named is not None:
            mine = [o for o in originals if _digest(blobs[id(o)]).startswith(named)]
            originals = mine or originals
        method = self._deck.entry(part).method
        return min(
            originals,
            key=lambda o: (
                read_notes(blobs[id(o)]).size_bytes,
                o.part != part,
                not self._still_has(o, part),
                o.packed.method != method,
                o.part in self._names,
                not self._declares(o),
            ),
        )

    def _declares(self, original: Original) -> bool:
        """Tell whether the deck declares the original's suffix to be of its format."""
        suffix = posixpath.splitext(original.part)[1].lstrip(".").lower()
        return original.format.is_declared_as(self._deck.package.default_types.get(suffix, ""))

    def _still_has(self, original: Original, part: str) -> bool:
        """Tell whether the deck holds the original too, because the swap made a copy."""
        twin = original.part
        if twin == part or twin not in self._deck:
            return False
        if posixpath.dirname(twin) != posixpath.dirname(part):
            return False
        if self._deck.crc32(twin) != original.packed.crc32:
            return False
        return self._deck.read(twin) == original.packed.unpack()

    def _repoint(self, part: str, new_part: str) -> None:
        for page, relationship in self._index.relationships_to(part):
            self.rewiring.repoint(page, relationship, new_part)

    def _may_hold_pixels(self, part: str) -> bool:
        with self._deck.open(part) as stream:
            found = sniff(stream.read(SNIFF_BYTES))
        return found.is_raster or found.is_vector

    def _sha256(self, part: str) -> str:
        digest = hashlib.sha256()
        with self._deck.open(part) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def _packed(original: Original) -> Packed:
    return original.packed
