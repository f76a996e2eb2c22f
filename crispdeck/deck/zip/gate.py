"""Decide by magic bytes and the zip's directory what may be opened; nothing is inflated here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Self

from crispdeck.deck.zip.directory import (
    CENTRAL_MAGIC,
    END_MAGIC,
    LOCAL_MAGIC,
    Directory,
    Entry,
    find_directory,
    read_entries,
    without_twins,
)
from crispdeck.errors import (
    DeckTooLargeError,
    EncryptedDeckError,
    LegacyDeckError,
    MalformedDeckError,
    NoPresentationError,
    NotADeckError,
    UnsafeDeckError,
)
from crispdeck.settings import Settings

_CFB_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK_BYTES = 1 << 20  # read at a time when searching; a guess

_MAX_DIRECTORY_BYTES_PER_ENTRY = 1024
"""On average: 46 bytes, the longest name that is let in, and as much for extra fields; a guess. It
bounds what is read before anything is judged."""
_MAX_NAME_BYTES = 512  # a guess: PowerPoint's own names have less than 60
_MAX_RATIO = 100  # a guess: markup and pictures shrink tenfold, deflate's best is 1,032 to 1
_MIN_RATIO_CHECKED_BYTES = 8 << 20
"""Below this an empty chart may shrink a thousandfold in good faith."""

_BAD_NAME = re.compile(r"[\x00-\x1f\x7f]|^/|^[A-Za-z]:|(^|/)\.\.?(/|$)|//")
_DENSE_NAME = re.compile(
    r"\.(xml|rels|vml|png|jpe?g|gif|webp|avif|heic|jp2|mp[34]|m4[av]|mov|zip|docx|xlsx|pptx)$",
    re.IGNORECASE,
)
"""What is parsed, and what is packed already: neither shrinks a hundredfold in good faith.

A white bitmap, a blank metafile and a silent sound do, and are read as streams within the limits
of bytes, so a ratio says nothing about them."""

_SAVE_AGAIN = "Open it in PowerPoint and save it again."
_XML_NAME = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_STORED, _DEFLATED = 0, 8  # APPNOTE 4.4.5: the methods that Office reads and writes


@dataclass(frozen=True, kw_only=True)
class DeckLimits:
    """How much a deck may hold; the defaults are those of Settings."""

    deck_bytes: int = 200 << 20
    entries: int = 10_000
    part_bytes: int = 512 << 20
    xml_bytes: int = 32 << 20
    unpacked_bytes: int = 2 << 30

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the limits from the settings."""
        return cls(
            deck_bytes=settings.max_deck_bytes,
            entries=settings.max_deck_entries,
            part_bytes=settings.max_part_bytes,
            xml_bytes=settings.max_xml_bytes,
            unpacked_bytes=settings.max_unpacked_bytes,
        )


def pass_gate(file: BinaryIO, file_size: int, limits: DeckLimits) -> Directory:
    """Return the directory of a zip that is safe to inflate entry by entry.

    Raises:
        DeckRefusedError: one of its kinds; see crispdeck.errors.
    """
    file.seek(0)
    head = file.read(8)
    if not head:
        raise NotADeckError("The file is empty.")
    if file_size > limits.deck_bytes:
        raise DeckTooLargeError(_over("The file", file_size, limits.deck_bytes))
    # Password-protected decks and binary .ppt are both compound files; people need to know which.
    if head == _CFB_MAGIC:
        _refuse_compound_file(file)
    if not head.startswith((LOCAL_MAGIC, END_MAGIC)):
        raise NotADeckError("The file is not a PowerPoint deck.")
    directory = find_directory(file, file_size)
    _check_claims(directory, limits)
    entries = without_twins(read_entries(file, directory))
    _check_entries(entries, limits)
    return Directory(
        offset=directory.offset,
        size_bytes=directory.size_bytes,
        count=directory.count,
        comment=directory.comment,
        entries=entries,
    )


def _refuse_compound_file(file: BinaryIO) -> None:
    """Tell a password-protected deck from a binary one (MS-OFFCRYPTO 2.3.4, MS-PPT 2.1)."""
    if _holds(file, "EncryptedPackage") or _holds(file, "\x09DRMContent"):
        raise EncryptedDeckError("The deck is protected by a password.")
    if _holds(file, "PowerPoint Document"):
        raise LegacyDeckError("The deck is a binary .ppt; save it as .pptx first.")
    raise NotADeckError("The file is an old Office document, but not a deck.")


def _holds(file: BinaryIO, stream_name: str) -> bool:
    """Say if a compound file holds a stream's name, which its directory keeps in UTF-16."""
    wanted = stream_name.encode("utf-16-le")
    file.seek(0)
    kept = b""
    while chunk := file.read(_CHUNK_BYTES):
        if wanted in kept + chunk:
            return True
        # The name may lie across two chunks.
        kept = chunk[-len(wanted) :]
    return False


def _check_claims(directory: Directory, limits: DeckLimits) -> None:
    if directory.count == 0:
        raise NoPresentationError("The zip is empty.")
    if directory.count > limits.entries:
        raise DeckTooLargeError(
            f"The deck has {directory.count:,} parts; {limits.entries:,} are allowed."
        )
    # Asked before a list of `count` entries is made: the number is the sender's.
    if directory.size_bytes < directory.count * len(CENTRAL_MAGIC):
        raise UnsafeDeckError("The zip declares more entries than it has room for.")
    if directory.size_bytes > limits.entries * _MAX_DIRECTORY_BYTES_PER_ENTRY:
        raise UnsafeDeckError("The zip's directory is far too large.")


def _check_entries(entries: Iterable[Entry], limits: DeckLimits) -> None:
    seen: set[str] = set()
    unpacked = dense = dense_packed = 0
    for entry in entries:
        _check_name(entry, seen)
        _check_packing(entry)
        _check_size(entry, limits)
        unpacked += entry.size_bytes
        if _DENSE_NAME.search(entry.name):
            dense += entry.size_bytes
            dense_packed += entry.compressed_bytes
    if _is_bomb(dense, dense_packed):
        raise UnsafeDeckError("The deck unpacks to more than a hundred times its size.")
    if unpacked > limits.unpacked_bytes:
        raise DeckTooLargeError(_over("The unpacked deck", unpacked, limits.unpacked_bytes))


def _check_name(entry: Entry, seen: set[str]) -> None:
    # OPC part names are equal when they differ in case only (ECMA-376 Part 2, 6.2.2.3).
    key = entry.name.casefold()
    if key in seen:
        raise UnsafeDeckError(f"The zip has two entries named {entry.name[:80]!r}. {_SAVE_AGAIN}")
    seen.add(key)
    if not entry.name or len(entry.raw_name) > _MAX_NAME_BYTES or _BAD_NAME.search(entry.name):
        raise UnsafeDeckError(
            f"The zip has an entry with a bad name: {entry.name[:80]!r}. {_SAVE_AGAIN}"
        )
    if entry.is_symlink:
        raise UnsafeDeckError(f"The zip has a symbolic link: {entry.name[:80]!r}.")


def _check_packing(entry: Entry) -> None:
    if entry.is_encrypted:
        raise EncryptedDeckError("The zip's entries are encrypted.")
    if entry.method not in {_STORED, _DEFLATED}:
        raise MalformedDeckError("The zip is packed by a method that decks do not use.")
    if entry.method == _STORED and entry.size_bytes != entry.compressed_bytes:
        raise UnsafeDeckError("An entry that is not packed has two sizes.")


def _check_size(entry: Entry, limits: DeckLimits) -> None:
    if _XML_NAME.search(entry.name):
        check_xml_size(entry, limits)
    if _DENSE_NAME.search(entry.name):
        _check_ratio(entry)
    if entry.size_bytes > limits.part_bytes:
        raise DeckTooLargeError(_over(entry.name[:80], entry.size_bytes, limits.part_bytes))


def check_xml_size(entry: Entry, limits: DeckLimits) -> None:
    """Refuse what is too large to be parsed; what a part is called says nothing of its use.

    Raises:
        DeckTooLargeError: it is larger than XML may be.
        UnsafeDeckError: it unpacks to more than XML does in good faith.
    """
    _check_ratio(entry)
    if entry.size_bytes > limits.xml_bytes:
        raise DeckTooLargeError(_over(entry.name[:80], entry.size_bytes, limits.xml_bytes))


def _check_ratio(entry: Entry) -> None:
    if _is_bomb(entry.size_bytes, entry.compressed_bytes):
        raise UnsafeDeckError(f"{entry.name[:80]!r} unpacks to over a hundred times its size.")


def _is_bomb(size_bytes: int, compressed_bytes: int) -> bool:
    return size_bytes > _MIN_RATIO_CHECKED_BYTES and size_bytes > _MAX_RATIO * compressed_bytes


def _over(what: str, size_bytes: int, limit: int) -> str:
    return f"{what} has {size_bytes / 2**20:,.1f} MiB; {limit / 2**20:,.0f} MiB are allowed."
