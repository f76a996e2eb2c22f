"""Write a zip again with a few entries changed, every other byte as it stands; knows no decks.

The layout is that of PKWARE's APPNOTE 6.3: local headers with their data, the central directory,
the end records. Untouched entries are copied from local header to data descriptor, so their
compressed bytes, times, flags, extra fields and order survive; only offsets and totals change.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from crispdeck.deck.zip.directory import CENTRAL_MAGIC, END_MAGIC, LOCAL_MAGIC, Directory, Entry
from crispdeck.errors import DeckTooLargeError, MalformedDeckError

STORED = 0  # APPNOTE 4.4.5, method: as it is
DEFLATED = 8  # APPNOTE 4.4.5, method: deflated (RFC 1951)

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL_BYTES = 46  # APPNOTE 4.3.12: fixed fields of a central header
_DESCRIPTOR_MAGIC = b"PK\x07\x08"
_DESCRIPTOR_FLAG = 0x8  # APPNOTE 4.4.4, bit 3: sizes and checksum stand behind the data
_UTF8_NAME_FLAG = 0x800  # APPNOTE 4.4.4, bit 11: name and comment are UTF-8
_IN_ZIP64 = 0xFFFFFFFF  # APPNOTE 4.4.1.4: the value stands in the zip64 field
_COPY_BYTES = 1 << 20  # copied at a time, so that memory stays small; a guess
_LONGEST_END_BYTES = 22 + 0xFFFF + 20 + 4096
"""End record, comment, zip64 locator, and a zip64 end record with room to spare."""


class ZipSource(Protocol):
    """A zip that can be read as it lies; DeckArchive is one."""

    @property
    def directory(self) -> Directory:
        """Its central directory."""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""

    def read_raw(self, offset: int, size: int) -> bytes:
        """Return bytes of the file as they are."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An entry's bytes in the form in which a zip holds them."""

    method: int
    data: bytes
    crc32: int
    size_bytes: int
    """Unpacked."""

    def unpack(self) -> bytes:
        """Return the entry's own bytes."""
        return self.data if self.method == STORED else zlib.decompress(self.data, wbits=-15)


Content = Callable[[], bytes | Packed]
"""Gives an entry's new bytes when they are about to be written, so that one is held at a time."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What takes the place of an entry, or is added beside one."""

    content: Content
    name: str


@dataclass(frozen=True, slots=True)
class ZipChanges:
    """What is to differ; keys are the names of entries that exist."""

    replaced: Mapping[str, NewEntry] = field(default_factory=dict)
    """Old name → the entry in its place: same header, flags and time."""
    added: Mapping[str, NewEntry] = field(default_factory=dict)
    """An existing name → the entry that is added behind it, with its time and method."""
    dropped: frozenset[str] = frozenset()


def pack(blob: bytes, method: int) -> Packed:
    """Pack bytes; the same bytes always give the same result."""
    data = blob
    if method == DEFLATED:
        # Negative window bits: a raw deflate stream, without zlib's own header, as zip wants it.
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        data = deflate.compress(blob) + deflate.flush()
    return Packed(method, data, zlib.crc32(blob), len(blob))


def read_packed(source: ZipSource, entry: Entry) -> Packed:
    """Read an entry without unpacking it."""
    data = source.read_raw(entry.data_offset, entry.compressed_bytes)
    return Packed(entry.method, data, entry.crc32, entry.size_bytes)


def single_entry_zip(name: str, packed: Packed) -> bytes:
    """Return a zip that holds one entry, packed as it is given."""
    written = name.encode()
    sizes = (packed.crc32, len(packed.data), packed.size_bytes, len(written), 0)
    # Version 2.0, UTF-8 name, the first day of zip's calendar: the same input, the same bytes.
    about = (20, _UTF8_NAME_FLAG, packed.method, 0, 0x21, *sizes)
    local = _LOCAL.pack(LOCAL_MAGIC, *about) + written + packed.data
    central = struct.pack("<4sH5H3L2H3H2L", CENTRAL_MAGIC, 20, *about, 0, 0, 0, 0, 0) + written
    counts = (0, 0, 1, 1, len(central), len(local), 0)
    return local + central + struct.pack("<4s4H2LH", END_MAGIC, *counts)


def rewrite(source: ZipSource, changes: ZipChanges, out: BinaryIO) -> int:
    """Write a zip to `out` with the changes, and return the bytes written.

    `out` needs no seek. Memory: one replaced entry at a time and the central directory.

    Raises:
        DeckTooLargeError: the result needs zip64 records and the original has none.
        MalformedDeckError: the end records are not where they must be.
    """
    writer = _Writer(source, out)
    directory = source.directory
    # Data is copied in the order of the file, the directory keeps its own: they differ in some
    # decks, and Office cares for neither.
    entries = sorted(directory.entries, key=lambda entry: entry.header_offset)
    # What stands before the first entry (nothing, or a self-extractor's stub) is copied as it is.
    writer.copy(0, entries[0].header_offset if entries else directory.offset)
    records: dict[str, list[bytes]] = {}
    for entry in entries:
        records[entry.name] = list(_write_entry(writer, entry, changes))
    _write_end(writer, directory, [r for e in directory.entries for r in records[e.name]])
    return writer.position


class _Writer:
    """Counts what it writes and copies from the source."""

    def __init__(self, source: ZipSource, out: BinaryIO) -> None:
        self._source = source
        self._out = out
        self.position = 0
        self.source_bytes = source.size

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self.position += len(data)

    def read(self, start: int, end: int) -> bytes:
        data = self._source.read_raw(start, end - start)
        if len(data) != end - start:
            raise MalformedDeckError("The file became shorter while it was copied.")
        return data

    def copy(self, start: int, end: int) -> None:
        for at in range(start, end, _COPY_BYTES):
            self.write(self.read(at, min(at + _COPY_BYTES, end)))


def _write_entry(writer: _Writer, entry: Entry, changes: ZipChanges) -> Iterable[bytes]:
    """Write what stands in the entry's place; yield the central records of it."""
    replacement = changes.replaced.get(entry.name)
    if replacement is not None:
        yield _write_replaced(writer, entry, replacement)
    elif entry.name not in changes.dropped:
        # Up to where the next entry begins: descriptors and gaps between entries go along.
        offset = writer.position
        writer.copy(entry.header_offset, entry.end_offset)
        yield _central(entry.central, entry.compressed_bytes, entry.size_bytes, offset)
    if addition := changes.added.get(entry.name):
        yield _write_added(writer, entry, addition)


def _write_replaced(writer: _Writer, entry: Entry, new: NewEntry) -> bytes:
    packed = _packed(new.content, entry.method)
    name = entry.raw_name if new.name == entry.name else _spelled_as(entry, new.name)
    offset = writer.position
    header = writer.read(entry.header_offset, entry.data_offset)
    writer.write(_local(header, packed, name, is_streamed=bool(entry.flags & _DESCRIPTOR_FLAG)))
    writer.write(packed.data)
    rest = entry.data_offset + entry.compressed_bytes
    if entry.flags & _DESCRIPTOR_FLAG:
        # 24 bytes: the longest form, magic and checksum with two zip64 sizes.
        old = writer.read(rest, min(rest + 24, entry.end_offset))
        descriptor, length = _descriptor(old, entry, packed)
        writer.write(descriptor)
        rest += length
    writer.copy(rest, entry.end_offset)
    record = _about(entry.central, packed, name)
    return _central(record, len(packed.data), packed.size_bytes, offset)


def _packed(content: Content, method: int) -> Packed:
    packed_or_plain = content()
    return packed_or_plain if isinstance(packed_or_plain, Packed) else pack(packed_or_plain, method)


def _local(header: bytes, packed: Packed, name: bytes, *, is_streamed: bool) -> bytes:
    """Rewrite a local header; a streamed entry's empty sizes stay empty (APPNOTE 4.4.4)."""
    # Fields 3, 6, 7, 8 and 9 are method, checksum, packed size, size and length of the name.
    fields = list(_LOCAL.unpack_from(header))
    name_end = _LOCAL.size + fields[9]
    extra = header[name_end:]
    fields[3], fields[9] = packed.method, len(name)
    if not (is_streamed and fields[6] == 0):
        fields[6] = packed.crc32
        # The zip64 field holds the unpacked size first, the header the packed one.
        wide = [fields[8], fields[7]]
        sizes, extra = _sizes(wide, [packed.size_bytes, len(packed.data)], extra)
        fields[8], fields[7] = sizes
    return _LOCAL.pack(*fields) + name + extra


def _central(record: bytes, compressed_bytes: int, size_bytes: int, offset: int) -> bytes:
    """Give a central record its entry's sizes and place."""
    head, name, extra, comment = _split(record)
    # Offsets of the central record (APPNOTE 4.3.12): sizes at 20 and 24, the local header's place
    # at 42.
    compressed, size = struct.unpack_from("<2L", head, 20)
    (place,) = struct.unpack_from("<L", head, 42)
    values, extra = _sizes([size, compressed, place], [size_bytes, compressed_bytes, offset], extra)
    struct.pack_into("<2L", head, 20, values[1], values[0])
    struct.pack_into("<L", head, 42, values[2])
    return bytes(head) + name + extra + comment


def _about(record: bytes, packed: Packed, name: bytes) -> bytes:
    """Give a central record the method, checksum and name of what it now points to."""
    head, _, extra, comment = _split(record)
    struct.pack_into("<H", head, 10, packed.method)
    struct.pack_into("<L", head, 16, packed.crc32)
    struct.pack_into("<H", head, 28, len(name))
    return bytes(head) + name + extra + comment


def _split(record: bytes) -> tuple[bytearray, bytes, bytes, bytes]:
    """Take a central record apart: fixed fields, name, extra fields, comment."""
    name_size, extra_size = struct.unpack_from("<2H", record, 28)
    name_end = _CENTRAL_BYTES + name_size
    extra_end = name_end + extra_size
    head = bytearray(record[:_CENTRAL_BYTES])
    return head, record[_CENTRAL_BYTES:name_end], record[name_end:extra_end], record[extra_end:]


def _sizes(fields: list[int], values: list[int], extra: bytes) -> tuple[list[int], bytes]:
    """Put each value where its field lies: in the header, or in the zip64 field (APPNOTE 4.5.3)."""
    plain: list[int] = []
    wide: list[int] = []
    for was, value in zip(fields, values, strict=True):
        # A value keeps the place that it had: an entry that needed no zip64 field gets none, since
        # adding one would move everything behind it and Office is picky about them.
        if was == _IN_ZIP64:
            wide.append(value)
            plain.append(_IN_ZIP64)
        elif value < _IN_ZIP64:
            plain.append(value)
        else:
            raise DeckTooLargeError("The sharper deck would be over 4 GiB.")
    return plain, _with_zip64(extra, wide) if wide else extra


def _with_zip64(extra: bytes, values: list[int]) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = b"".join(struct.pack("<Q", value) for value in values)
            return extra[: at + 4] + wide + extra[at + 4 + len(wide) :]
        at += 4 + size
    raise MalformedDeckError("An entry points to a zip64 size that it does not have.")


def _descriptor(old: bytes, entry: Entry, packed: Packed) -> tuple[bytes, int]:
    """Return a data descriptor in the form of the old one, and the old one's length."""
    was = (entry.crc32, entry.compressed_bytes, entry.size_bytes)
    now = (packed.crc32, len(packed.data), packed.size_bytes)
    # APPNOTE 4.3.9.3: the magic is optional, and nothing says if sizes have four bytes or eight.
    # The old values are known, so the form that holds them is the right one.
    for magic in (_DESCRIPTOR_MAGIC, b""):
        for sizes in ("<LLL", "<LQQ"):
            form = magic + struct.pack(sizes, *was)
            if old.startswith(form):
                return magic + struct.pack(sizes, *now), len(form)
    raise MalformedDeckError(f"{entry.name} has a data descriptor that cannot be read.")


def _spelled_as(entry: Entry, name: str) -> bytes:
    """Write a new name with the kind of slash that an entry of the zip has."""
    return (name.replace("/", "\\") if b"\\" in entry.raw_name else name).encode()


def _write_added(writer: _Writer, beside: Entry, new: NewEntry) -> bytes:
    packed = _packed(new.content, beside.method)
    name = _spelled_as(beside, new.name)
    offset = writer.position
    header = writer.read(beside.header_offset, beside.header_offset + _LOCAL.size)
    _, version, flags, _, time, date, *_ = _LOCAL.unpack(header)
    # All is known before it is written, so no descriptor has to follow the data.
    flags &= ~_DESCRIPTOR_FLAG
    sizes = (packed.crc32, len(packed.data), packed.size_bytes)
    fields = (LOCAL_MAGIC, version, flags, packed.method, time, date, *sizes, len(name), 0)
    writer.write(_LOCAL.pack(*fields) + name)
    writer.write(packed.data)
    record = bytearray(beside.central[:_CENTRAL_BYTES])
    struct.pack_into("<H", record, 8, flags)
    struct.pack_into("<3H", record, 28, 0, 0, 0)
    # Zeros where the old record may point to a zip64 field, which the new one does not have.
    struct.pack_into("<2L", record, 20, 0, 0)
    struct.pack_into("<L", record, 42, 0)
    described = _about(bytes(record), packed, name)
    return _central(described, len(packed.data), packed.size_bytes, offset)


def _write_end(writer: _Writer, directory: Directory, records: list[bytes]) -> None:
    """Write the central directory and the end records, with their totals made right."""
    offset = writer.position
    for record in records:
        writer.write(record)
    claims = (len(records), len(records), writer.position - offset, offset)
    directory_end = directory.offset + directory.size_bytes
    # Something may stand between directory and end records (a signature, APPNOTE 4.3.13): it is
    # copied, and only the last bytes, with all end records, are changed in memory.
    tail_at = max(directory_end, writer.source_bytes - _LONGEST_END_BYTES)
    writer.copy(directory_end, tail_at)
    tail = bytearray(writer.read(tail_at, writer.source_bytes))
    end_at = tail.rfind(END_MAGIC)
    if end_at < 0:
        raise MalformedDeckError("The zip's end record cannot be found again.")
    _set_zip64_end(tail, end_at - 20, tail_at, writer.position - tail_at, claims)
    struct.pack_into("<2H2L", tail, end_at + 8, *_totals(tail, end_at + 8, claims))
    writer.write(bytes(tail))


def _totals(tail: bytearray, at: int, claims: tuple[int, int, int, int]) -> list[int]:
    """Return the totals for the plain end record, leaving "look in zip64" where it stands."""
    marks = (0xFFFF, 0xFFFF, _IN_ZIP64, _IN_ZIP64)
    old = struct.unpack_from("<2H2L", tail, at)
    if any(claim >= mark != was for claim, mark, was in zip(claims, marks, old, strict=True)):
        raise DeckTooLargeError("The sharper deck would need more than a plain zip can hold.")
    return [
        mark if was == mark else claim for claim, mark, was in zip(claims, marks, old, strict=True)
    ]


def _set_zip64_end(
    tail: bytearray, locator_at: int, tail_at: int, moved: int, claims: tuple[int, int, int, int]
) -> None:
    """Set the totals in the zip64 end record, where there is one, and its place in the locator."""
    # The locator, if there is one, stands right before the end record (APPNOTE 4.3.15).
    if locator_at < 0 or tail[locator_at : locator_at + 4] != b"PK\x06\x07":
        return
    (record_offset,) = struct.unpack_from("<Q", tail, locator_at + 8)
    record_at = record_offset - tail_at
    if record_at < 0 or tail[record_at : record_at + 4] != b"PK\x06\x06":
        raise MalformedDeckError("The zip64 end record cannot be found again.")
    struct.pack_into("<4Q", tail, record_at + 24, *claims)
    struct.pack_into("<Q", tail, locator_at + 8, record_offset + moved)
