"""The zip surgery: every byte that is not meant stays, in every dialect of zip."""

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from crispdeck.deck.zip.directory import Directory, find_directory, read_entries
from crispdeck.deck.zip.raw import (
    DEFLATED,
    STORED,
    NewEntry,
    ZipChanges,
    pack,
    read_packed,
    rewrite,
    single_entry_zip,
)
from crispdeck.errors import MalformedDeckError
from tests.decks.enhancing import raw_entries
from tests.decks.one_way import OneWay

OLD = b"old " * 200
NEW = b"something new " * 90


@dataclass(frozen=True)
class Source:
    """A zip in memory."""

    blob: bytes

    @property
    def size(self) -> int:
        return len(self.blob)

    @property
    def directory(self) -> Directory:
        file = io.BytesIO(self.blob)
        found = find_directory(file, len(self.blob))
        entries = read_entries(file, found)
        return Directory(found.offset, found.size_bytes, found.count, found.comment, entries)

    def read_raw(self, offset: int, size: int) -> bytes:
        return self.blob[offset : offset + size]


def filled(file: "io.BytesIO | OneWay", method: int, *, zip64: bool = False) -> None:
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.comment = b"the archive's own comment"
        for name in ("a.xml", "media/b.png", "c.xml"):
            item = zipfile.ZipInfo(name, (2011, 2, 3, 4, 5, 6))
            item.compress_type = method
            item.comment = b"about " + name.encode()
            item.external_attr = 0o600 << 16
            # An extra field of a made-up kind, as some writers leave them.
            item.extra = struct.pack("<2H4s", 0x9999, 4, b"kept")
            with archive.open(item, "w", force_zip64=zip64) as entry:
                entry.write(OLD)


def plain(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    filled(file, method)
    return file.getvalue()


def streamed() -> bytes:
    file = OneWay()
    filled(file, zipfile.ZIP_DEFLATED)
    return bytes(file.kept)


def streamed_without_magic() -> bytes:
    """Take the optional magic of the data descriptors away; only old writers leave it out."""
    blob = streamed()
    source = Source(blob)
    pieces: list[bytes] = []
    for entry in source.directory.entries:
        rest = blob[entry.data_offset + entry.compressed_bytes : entry.end_offset]
        assert rest.startswith(b"PK\x07\x08")
        pieces += [blob[entry.header_offset : entry.end_offset - len(rest)], rest[4:]]
    body = b"".join(pieces)
    moved = 0
    records = bytearray()
    for entry in source.directory.entries:
        record = bytearray(entry.central)
        struct.pack_into("<L", record, 42, entry.header_offset - moved)
        records += record
        moved += 4
    end = bytearray(blob[source.directory.offset + source.directory.size_bytes :])
    struct.pack_into("<L", end, 16, len(body))
    return body + bytes(records) + bytes(end)


def wide() -> bytes:
    """Give every entry zip64 sizes, though it is small, as streaming writers do."""
    file = OneWay()
    filled(file, zipfile.ZIP_DEFLATED, zip64=True)
    return bytes(file.kept)


def wide_end() -> bytes:
    """Add the zip64 end record that large archives have, with the marks that point to it."""
    blob = plain()
    directory = Source(blob).directory
    at = directory.offset + directory.size_bytes
    counts = (directory.count, directory.count, directory.size_bytes, directory.offset)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, *counts)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = bytearray(blob[at:])
    struct.pack_into("<2H2L", end, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return blob[:at] + record + locator + bytes(end)


def out_of_order() -> bytes:
    """List the entries in another order than the one in which they lie."""
    blob = plain()
    directory = Source(blob).directory
    records = b"".join(entry.central for entry in reversed(directory.entries))
    end = directory.offset + directory.size_bytes
    return blob[: directory.offset] + records + blob[end:]


DIALECTS = [plain, streamed, streamed_without_magic, wide, wide_end, out_of_order]
Dialect = Callable[[], bytes]


def rewritten(blob: bytes, changes: ZipChanges) -> bytes:
    out = io.BytesIO()
    assert rewrite(Source(blob), changes, out) == len(out.getvalue())
    return out.getvalue()


def replaced(name: str, blob: bytes, new_name: str | None = None) -> ZipChanges:
    return ZipChanges(replaced={name: NewEntry(lambda: blob, new_name or name)})


@pytest.mark.parametrize("dialect", DIALECTS)
class TestEveryDialect:
    def test_no_change_gives_the_same_bytes(self, dialect: Dialect) -> None:
        blob = dialect()
        assert rewritten(blob, ZipChanges()) == blob

    def test_a_replaced_entry_reads_back_and_the_others_are_untouched(
        self, dialect: Dialect
    ) -> None:
        blob = dialect()
        new = rewritten(blob, replaced("media/b.png", NEW))
        with zipfile.ZipFile(io.BytesIO(new)) as archive:
            assert archive.testzip() is None
            assert archive.read("media/b.png") == NEW
            assert archive.comment == b"the archive's own comment"
        old_entries, new_entries = raw_entries(blob), raw_entries(new)
        assert list(old_entries) == list(new_entries)
        for name in ("a.xml", "c.xml"):
            assert old_entries[name] == new_entries[name]

    def test_putting_the_old_bytes_back_gives_the_old_zip(self, dialect: Dialect) -> None:
        blob = dialect()
        source = Source(blob)
        (entry,) = [e for e in source.directory.entries if e.name == "media/b.png"]
        packed = read_packed(source, entry)
        new = rewritten(blob, replaced("media/b.png", NEW, "media/z.gif"))
        back = ZipChanges(replaced={"media/z.gif": NewEntry(lambda: packed, "media/b.png")})
        assert rewritten(new, back) == blob

    def test_an_added_entry_stands_behind_its_neighbour(self, dialect: Dialect) -> None:
        blob = dialect()
        order = [entry.name for entry in Source(blob).directory.entries]
        order.insert(order.index("a.xml") + 1, "new.png")
        new = rewritten(blob, ZipChanges(added={"a.xml": NewEntry(lambda: NEW, "new.png")}))
        with zipfile.ZipFile(io.BytesIO(new)) as archive:
            assert archive.namelist() == order
            assert archive.testzip() is None
            assert archive.read("new.png") == NEW
            assert archive.getinfo("new.png").date_time == (2011, 2, 3, 4, 5, 6)
        assert [e.name for e in Source(new).directory.entries] == order

    def test_dropping_what_was_added_gives_the_old_zip(self, dialect: Dialect) -> None:
        blob = dialect()
        more = rewritten(blob, ZipChanges(added={"a.xml": NewEntry(lambda: NEW, "new.png")}))
        assert rewritten(more, ZipChanges(dropped=frozenset({"new.png"}))) == blob

    def test_the_result_passes_the_same_strict_reading(self, dialect: Dialect) -> None:
        new = Source(rewritten(dialect(), replaced("media/b.png", NEW)))
        for entry in new.directory.entries:
            assert read_packed(new, entry).unpack() in {OLD, NEW}


@pytest.mark.parametrize("method", [STORED, DEFLATED])
def test_a_replaced_entry_keeps_its_method(method: int) -> None:
    new = rewritten(plain(method), replaced("a.xml", NEW))
    assert {entry.method for entry in Source(new).directory.entries} == {method}


def test_bytes_between_entries_are_kept() -> None:
    blob = plain()
    directory = Source(blob).directory
    gap = b"nobody points here"
    body = blob[: directory.offset] + gap
    end = bytearray(blob[directory.offset + directory.size_bytes :])
    struct.pack_into("<L", end, 16, len(body))
    records = blob[directory.offset : directory.offset + directory.size_bytes]
    odd = body + records + bytes(end)
    assert rewritten(odd, ZipChanges()) == odd
    assert gap in rewritten(odd, replaced("c.xml", NEW))


def test_packing_is_the_same_on_every_run() -> None:
    assert pack(OLD, DEFLATED) == pack(OLD, DEFLATED)
    assert pack(OLD, DEFLATED).unpack() == OLD


def test_a_zip_of_one_entry_opens_in_any_reader() -> None:
    blob = single_entry_zip("ppt/media/größe.png", pack(OLD, DEFLATED))
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert archive.namelist() == ["ppt/media/größe.png"]
        assert archive.read("ppt/media/größe.png") == OLD


def test_a_data_descriptor_that_fits_nothing_is_malformed() -> None:
    blob = bytearray(streamed())
    (entry,) = [e for e in Source(bytes(blob)).directory.entries if e.name == "a.xml"]
    at = entry.data_offset + entry.compressed_bytes
    blob[at : at + 16] = bytes(16)
    with pytest.raises(MalformedDeckError, match="data descriptor"):
        rewritten(bytes(blob), replaced("a.xml", NEW))


def test_a_source_that_shrinks_meanwhile_is_malformed() -> None:
    class Shrinking(Source):
        def read_raw(self, offset: int, size: int) -> bytes:
            return super().read_raw(offset, size)[:-1]

    with pytest.raises(MalformedDeckError, match="shorter"):
        rewrite(Shrinking(plain()), ZipChanges(), io.BytesIO())


def test_contents_are_loaded_one_after_the_other_while_writing() -> None:
    out = io.BytesIO()
    written_at: list[int] = []

    def content() -> bytes:
        written_at.append(out.tell())
        return NEW

    changes = ZipChanges(replaced={name: NewEntry(content, name) for name in ("a.xml", "c.xml")})
    rewrite(Source(plain()), changes, out)
    assert written_at[0] < written_at[1]
