"""A deck as a checked, read-only zip whose parts are inflated in memory and counted meanwhile."""

import hashlib
import io
import zlib
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from crispdeck.deck.opc.package import Package, read_package
from crispdeck.deck.zip.directory import Directory, Entry
from crispdeck.deck.zip.gate import DeckLimits, check_xml_size, pass_gate
from crispdeck.errors import MalformedDeckError, SignedDeckError, UnsafeDeckError

__all__ = ["DeckArchive", "DeckLimits", "PartStream", "open_deck"]

_CHUNK_BYTES = 1 << 16  # inflated at a time; a guess: small beside any part, large beside a call
_HEAD_BYTES = 1 << 12
"""What most readers of a stream want: a picture's header. Larger reads pass by the buffer."""


def open_deck(
    source: Path | BinaryIO | bytes,
    *,
    limits: DeckLimits | None = None,
    allow_signed: bool = False,
) -> "DeckArchive":
    """Open a deck after the zip gate: nothing is parsed before the directory is found sound.

    Args:
        source: a path, the bytes, or a seekable binary file, which the caller goes on owning.
        limits: how much the deck may hold.
        allow_signed: let a digitally signed deck pass; any change breaks its signature.

    Raises:
        DeckRefusedError: one of its kinds; see crispdeck.errors.
        OSError: the path cannot be opened.
    """
    limits = limits or DeckLimits()
    file, owned = _file_of(source)
    try:
        file.seek(0, io.SEEK_END)
        file_size = file.tell()
        archive = DeckArchive(file, file_size, pass_gate(file, file_size, limits), limits)
        _check_signature(archive.package, allow_signed=allow_signed)
    except BaseException:
        if owned:
            file.close()
        raise
    archive.owns_file = owned
    return archive


def _file_of(source: Path | BinaryIO | bytes) -> tuple[BinaryIO, bool]:
    if isinstance(source, bytes):
        return io.BytesIO(source), True
    if isinstance(source, Path):
        return source.open("rb"), True
    return source, False


def _check_signature(package: Package, *, allow_signed: bool) -> None:
    if package.signed and not allow_signed:
        raise SignedDeckError("The deck is digitally signed; a change breaks the signature.")


class DeckArchive:
    """An open deck. One thread at a time: all reads share one file position."""

    def __init__(
        self, file: BinaryIO, file_size: int, directory: Directory, limits: DeckLimits
    ) -> None:
        self._file = file
        self.size = file_size
        """Bytes of the whole file."""
        self.directory = directory
        self.limits = limits
        self.owns_file = False
        self._entries = {entry.name: entry for entry in directory.entries if not entry.is_folder}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file if this archive opened it."""
        if self.owns_file:
            self._file.close()

    @property
    def file(self) -> BinaryIO:
        """The file as it was handed in, standing anywhere."""
        return self._file

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All zip entries, folders too, in the order of the central directory."""
        return self.directory.entries

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names as the zip spells them, without folders and leading slashes."""
        return tuple(self._entries)

    def __contains__(self, part: str) -> bool:
        return part in self._entries

    def entry(self, part: str) -> Entry:
        """Return the zip entry of a part.

        Raises:
            MalformedDeckError: there is no such part.
        """
        try:
            return self._entries[part]
        except KeyError as error:
            raise MalformedDeckError(f"The deck has no part {part[:200]!r}.") from error

    def size_bytes(self, part: str) -> int:
        """Return the declared size of a part, unpacked."""
        return self.entry(part).size_bytes

    def crc32(self, part: str) -> int:
        """Return the declared CRC-32 of a part, unpacked."""
        return self.entry(part).crc32

    def open(self, part: str) -> BinaryIO:
        """Open a part for streaming; memory stays flat however large the part is.

        Seeking back inflates again from the start. Reads raise UnsafeDeckError when the part
        holds more than it declares, and MalformedDeckError when it is damaged or too short.
        """
        return io.BufferedReader(PartStream(self._file, self.entry(part)), _HEAD_BYTES)

    def read(self, part: str) -> bytes:
        """Return the whole part, its size and CRC-32 checked.

        Raises:
            UnsafeDeckError: it holds more than it declares.
            MalformedDeckError: it is damaged, or there is no such part.
        """
        entry = self.entry(part)
        blob = PartStream(self._file, entry).read_all()
        if zlib.crc32(blob) != entry.crc32:
            raise MalformedDeckError(f"{part[:200]!r} is damaged: its checksum is wrong.")
        return blob

    def read_xml(self, part: str) -> bytes:
        """Return a part that is going to be parsed, whatever its name is; checked like `read`.

        Raises:
            DeckTooLargeError: it is larger than XML may be.
            UnsafeDeckError: it unpacks to more than XML does in good faith.
        """
        check_xml_size(self.entry(part), self.limits)
        return self.read(part)

    def copy(self, part: str, out: BinaryIO) -> None:
        """Write the whole part into a file; checked like `read`, at any size."""
        crc, source = 0, PartStream(self._file, self.entry(part))
        while piece := source.read(_CHUNK_BYTES * 4):
            crc = zlib.crc32(piece, crc)
            out.write(piece)
        if crc != self.entry(part).crc32:
            raise MalformedDeckError(f"{part[:200]!r} is damaged: its checksum is wrong.")

    def read_raw(self, offset: int, size: int) -> bytes:
        """Return bytes of the file as they are, for copying entries without inflating them."""
        self._file.seek(offset)
        return self._file.read(size)

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of the whole file."""
        self._file.seek(0)
        digest = hashlib.sha256()
        while chunk := self._file.read(_CHUNK_BYTES * 16):
            digest.update(chunk)
        return digest.hexdigest()

    @cached_property
    def package(self) -> Package:
        """The main part, the content types and the relationships."""
        return read_package(self.read_xml, self.names)


class PartStream(io.RawIOBase):
    """One entry's bytes, inflated as they are read and counted against the declared size."""

    def __init__(self, file: BinaryIO, entry: Entry) -> None:
        super().__init__()
        self._file = file
        self._entry = entry
        self._restart()

    def _restart(self) -> None:
        self._consumed = 0
        self._position = 0
        self._pending = b""
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS) if self._entry.method else None

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True, though a seek back starts again."""
        return True

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place by reading up to it; places outside the part become its ends."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._entry.size_bytes}
        target = min(max(base[whence] + offset, 0), self._entry.size_bytes)
        if target < self._position:
            self._restart()
        while self._position < target:
            self._next(min(_CHUNK_BYTES, target - self._position))
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # why: typeshed's Buffer is 3.12
        """Fill the buffer as far as the part goes."""
        chunk = self._next(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def read_all(self) -> bytes:
        """Return the rest of the part."""
        pieces: list[bytes] = []
        while piece := self._next(_CHUNK_BYTES * 4):
            pieces.append(piece)
        return b"".join(pieces)

    def _next(self, most: int) -> bytes:
        """Return up to `most` bytes, none only at the end of the part."""
        if self._inflater is None:
            piece = self._stored(most)
        else:
            piece = self._inflated(self._inflater, most)
        self._position += len(piece)
        if self._position > self._entry.size_bytes:
            raise UnsafeDeckError(f"{self._entry.name[:200]!r} holds more than it declares.")
        if not piece and most and self._position < self._entry.size_bytes:
            raise MalformedDeckError(f"{self._entry.name[:200]!r} ends too early.")
        return piece

    def _inflated(self, inflater: "zlib._Decompress", most: int) -> bytes:
        try:
            while not inflater.eof:
                packed = self._pending or self._stored(most)
                piece = inflater.decompress(packed, most)
                self._pending = inflater.unconsumed_tail
                if piece:
                    return piece
                if not packed:
                    break
        except zlib.error as error:
            raise MalformedDeckError(f"{self._entry.name[:200]!r} is damaged.") from error
        return b""

    def _stored(self, most: int) -> bytes:
        self._file.seek(self._entry.data_offset + self._consumed)
        piece = self._file.read(min(most, self._entry.compressed_bytes - self._consumed))
        self._consumed += len(piece)
        return piece
