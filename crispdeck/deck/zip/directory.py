"""Read a zip's central directory as it stands (APPNOTE 6.3); nothing is inflated or judged."""

import struct
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from crispdeck.errors import TruncatedDeckError, UnsafeDeckError

LOCAL_MAGIC = b"PK\x03\x04"
CENTRAL_MAGIC = b"PK\x01\x02"
END_MAGIC = b"PK\x05\x06"

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_LOCATOR = struct.Struct("<4sLQL")

_IS_IN_ZIP64_16 = 0xFFFF  # APPNOTE 4.4.1.4: the value stands in the zip64 record
_IS_IN_ZIP64_32 = 0xFFFFFFFF  # the same of a field of four bytes
_MAX_COMMENT_BYTES = 0xFFFF  # APPNOTE 4.4.25: its length is a field of two bytes
_UTF8_NAME_FLAG = 0x800  # APPNOTE 4.4.4, bit 11: name and comment are UTF-8
_DESCRIPTOR_FLAG = 0x8  # APPNOTE 4.4.4, bit 3: sizes and checksum stand behind the data


class Entry(NamedTuple):
    """One zip entry as the central directory gives it, and where its bytes lie."""

    name: str
    raw_name: bytes
    method: int
    """0 stored, 8 deflated; nothing else passes the gate."""
    flags: int
    crc32: int
    compressed_bytes: int
    size_bytes: int
    external_attributes: int
    made_on: int
    """The system in "version made by"; 3 is Unix."""
    header_offset: int
    data_offset: int
    end_offset: int
    """Where the next local header (or the central directory) starts: data descriptor included."""
    central: bytes
    """The whole central directory record, for copying it unchanged."""

    @property
    def is_folder(self) -> bool:
        """True for the entry of a folder, which holds no bytes."""
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        """True when the entry's bytes are encrypted by zip itself."""
        return bool(self.flags & 0x41)

    @property
    def is_symlink(self) -> bool:
        """True for a Unix symbolic link."""
        return self.made_on == 3 and (self.external_attributes >> 28) == 0xA


@dataclass(frozen=True, slots=True)
class Directory:
    """A central directory: where it lies, what it claims, its entries in its own order."""

    offset: int
    size_bytes: int
    count: int
    comment: bytes
    entries: tuple[Entry, ...] = ()


def find_directory(file: BinaryIO, file_size: int) -> Directory:
    """Find the end record and return its claims, with no entries read yet.

    Raises:
        TruncatedDeckError: there is no end record, or it points outside the file.
        UnsafeDeckError: the zip64 end record contradicts the plain one.
    """
    tail_size = min(file_size, _END.size + _MAX_COMMENT_BYTES)
    tail = _read_at(file, file_size - tail_size, tail_size)
    # From the end: a comment may hold the magic too, but nothing stands behind the real one's
    # comment. Readers that search from the front see another zip; see `comment_size` below.
    at = tail.rfind(END_MAGIC)
    if at < 0 or at + _END.size > tail_size:
        raise TruncatedDeckError("The file ends before the zip's directory.")
    _, disk, start_disk, _, count, size, offset, comment_size = _END.unpack_from(tail, at)
    end_at = file_size - tail_size + at
    comment = tail[at + _END.size : at + _END.size + comment_size]
    # The comment must end with the file, or the magic that was found lies within a comment.
    if disk != start_disk or len(comment) != comment_size:
        raise TruncatedDeckError("The zip's end record is damaged, or it is one of several parts.")
    plain = (count, size, offset)
    count, size, offset = _zip64_claims(file, end_at, plain)
    if offset + size > end_at:
        raise TruncatedDeckError("The zip's directory lies outside the file.")
    return Directory(offset=offset, size_bytes=size, count=count, comment=comment)


def _zip64_claims(file: BinaryIO, end_at: int, plain: tuple[int, int, int]) -> tuple[int, int, int]:
    marks = (_IS_IN_ZIP64_16, _IS_IN_ZIP64_32, _IS_IN_ZIP64_32)
    needs = [value == mark for value, mark in zip(plain, marks, strict=True)]
    locator_at = end_at - _END64_LOCATOR.size
    locator = _read_at(file, locator_at, _END64_LOCATOR.size) if locator_at >= 0 else b""
    if not locator.startswith(b"PK\x06\x07"):
        return plain
    _, _, at, _ = _END64_LOCATOR.unpack(locator)
    record = _read_at(file, at, _END64.size) if at + _END64.size <= locator_at else b""
    if not record.startswith(b"PK\x06\x06"):
        raise TruncatedDeckError("The zip64 end record is missing.")
    wide = _END64.unpack(record)[7:]
    # Two records that differ are the trick by which two readers see two zips.
    for value, wide_value, is_needed in zip(plain, wide, needs, strict=True):
        if not is_needed and value != wide_value:
            raise UnsafeDeckError("The zip has two end records that contradict each other.")
    return wide[0], wide[1], wide[2]


def read_entries(file: BinaryIO, directory: Directory) -> tuple[Entry, ...]:
    """Read all entries; the caller has bounded `count` and `size_bytes` before.

    Raises:
        TruncatedDeckError: a record is damaged or an entry lies outside the file.
        UnsafeDeckError: a local header contradicts the directory, or entries overlap.
    """
    blob = _read_at(file, directory.offset, directory.size_bytes)
    found: list[Entry] = []
    at = 0
    for _ in range(directory.count):
        entry, at = _central_entry(blob, at)
        found.append(entry)
    # Entries beyond the declared count: some readers would show them, we would not copy them.
    if blob[at : at + 4] == CENTRAL_MAGIC:
        raise UnsafeDeckError("The zip holds more entries than it declares.")
    return _placed(file, found, directory.offset)


def _central_entry(blob: bytes, at: int) -> tuple[Entry, int]:
    if len(blob) < at + _CENTRAL.size or blob[at : at + 4] != CENTRAL_MAGIC:
        raise TruncatedDeckError("The zip's directory is damaged.")
    fields = _CENTRAL.unpack_from(blob, at)
    (_, _, made_on, _, _, flags, method, _, _, crc32, compressed, size) = fields[:12]
    name_size, extra_size, comment_size, _, _, attributes, header_at = fields[12:]
    name_end = at + _CENTRAL.size + name_size
    end = name_end + extra_size + comment_size
    if end > len(blob):
        raise TruncatedDeckError("The zip's directory is damaged.")
    raw_name = blob[at + _CENTRAL.size : name_end]
    extra = blob[name_end : name_end + extra_size]
    size, compressed, header_at = _zip64_sizes(extra, size, compressed, header_at)
    entry = Entry(
        name=_decoded(raw_name, flags),
        raw_name=raw_name,
        method=method,
        flags=flags,
        crc32=crc32,
        compressed_bytes=compressed,
        size_bytes=size,
        external_attributes=attributes,
        made_on=made_on,
        header_offset=header_at,
        data_offset=0,
        end_offset=0,
        central=blob[at:end],
    )
    return entry, end


def _decoded(raw_name: bytes, flags: int) -> str:
    """Read a name as Office does: with slashes, however it is written.

    .NET before 4.6.1 wrote backslashes. Many programs write UTF-8 without the flag that says so.
    """
    try:
        name = raw_name.decode("utf-8")
    except UnicodeDecodeError as error:
        if flags & _UTF8_NAME_FLAG:
            raise UnsafeDeckError(
                "An entry's name is not the UTF-8 that it claims to be."
            ) from error
        # APPNOTE, appendix D: without the flag names are in IBM code page 437, which takes any
        # byte.
        name = raw_name.decode("cp437")
    return name.replace("\\", "/")


def without_twins(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Leave out each entry that has the name and the bytes of one before it.

    Some writers add a part twice. Equal in checksum and size, either will do; where they differ,
    readers disagree over which counts, and both stay for the gate to see.
    """
    first: dict[str, Entry] = {}
    kept: list[Entry] = []
    for entry in entries:
        twin = first.setdefault(entry.name, entry)
        is_same = (twin.crc32, twin.size_bytes) == (entry.crc32, entry.size_bytes)
        if twin is entry or not is_same or entry.is_folder:
            kept.append(entry)
    return tuple(kept)


def _zip64_sizes(extra: bytes, *plain: int) -> tuple[int, int, int]:
    """Replace every value that says "look in the zip64 field" (APPNOTE 4.5.3)."""
    # The field holds only those values that are marked in the record, in this fixed order.
    wide = _extra_field(extra, 0x0001) if _IS_IN_ZIP64_32 in plain else b""
    values: list[int] = []
    for value in plain:
        if value != _IS_IN_ZIP64_32:
            values.append(value)
            continue
        if len(wide) < 8:
            raise UnsafeDeckError("An entry points to a zip64 size that it does not have.")
        values.append(int.from_bytes(wide[:8], "little"))
        wide = wide[8:]
    return values[0], values[1], values[2]


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _placed(file: BinaryIO, entries: list[Entry], limit: int) -> tuple[Entry, ...]:
    """Follow every entry to its local header and give it its true offsets."""
    placed = list(entries)
    next_start = limit
    # From the back: each entry must end before the one behind it begins. Overlapping entries are
    # how a small zip unpacks to terabytes (D. Fifield, A better zip bomb, WOOT 2019).
    for number in sorted(range(len(entries)), key=lambda n: -entries[n].header_offset):
        entry = entries[number]
        start = _data_offset(file, entry, limit)
        if start + entry.compressed_bytes > next_start:
            raise UnsafeDeckError("The zip's entries overlap.")
        placed[number] = entry._replace(data_offset=start, end_offset=next_start)
        next_start = entry.header_offset
    return tuple(placed)


def _data_offset(file: BinaryIO, entry: Entry, limit: int) -> int:
    """Check the local header against the directory; return where the data starts."""
    if entry.header_offset + _LOCAL.size > limit:
        raise TruncatedDeckError("An entry lies outside the zip.")
    head = _read_at(file, entry.header_offset, _LOCAL.size + len(entry.raw_name))
    if len(head) < _LOCAL.size or not head.startswith(LOCAL_MAGIC):
        raise TruncatedDeckError("An entry's header is missing.")
    _, _, flags, method, _, _, _, compressed, size, name_size, extra_size = _LOCAL.unpack_from(head)
    # The same check that makes a zip mean one thing to all readers; extra fields may differ.
    if head[_LOCAL.size :] != entry.raw_name or name_size != len(entry.raw_name):
        raise UnsafeDeckError(
            "An entry has one name in the zip's directory and another before its data."
        )
    is_open = bool(flags & _DESCRIPTOR_FLAG)
    agree = _agree(compressed, entry.compressed_bytes, is_open=is_open)
    if method != entry.method or not agree or not _agree(size, entry.size_bytes, is_open=is_open):
        raise UnsafeDeckError("An entry's header contradicts the zip's directory.")
    return entry.header_offset + _LOCAL.size + int(name_size) + int(extra_size)


def _agree(said: int, true: int, *, is_open: bool) -> bool:
    """Compare sizes: writers that stream leave zeros, zip64 keeps the size in another place."""
    return said in {true, _IS_IN_ZIP64_32} or (is_open and said == 0)


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)
