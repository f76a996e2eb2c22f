"""Zips written byte by byte (APPNOTE 6.3), so that tests can make them lie."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass
class Member:
    """One entry; everything that a header can claim can be set apart from the truth."""

    name: bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0
    claimed_bytes: int | None = None
    claimed_packed_bytes: int | None = None
    claimed_crc32: int | None = None
    local_name: bytes | None = None
    local_claimed_bytes: int | None = None
    local_extra: bytes = b""
    extra: bytes = b""
    header_offset: int | None = None
    attributes: int = 0
    made_on: int = 3

    @cached_property
    def packed(self) -> bytes:
        """The bytes behind the local header."""
        if self.method == 0:
            return self.content
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.content) + packer.flush()

    def _claims(self, said_bytes: int | None) -> tuple[int, int, int]:
        crc32 = zlib.crc32(self.content) if self.claimed_crc32 is None else self.claimed_crc32
        packed = self.claimed_packed_bytes
        return (
            crc32,
            len(self.packed) if packed is None else packed,
            len(self.content) if said_bytes is None else said_bytes,
        )

    def local(self) -> bytes:
        """Local header and data."""
        name = self.name if self.local_name is None else self.local_name
        said = self.claimed_bytes if self.local_claimed_bytes is None else self.local_claimed_bytes
        head = struct.pack("<4s5H", b"PK\x03\x04", 20, self.flags, self.method, 0, 0x21)
        sizes = struct.pack("<3L2H", *self._claims(said), len(name), len(self.local_extra))
        return head + sizes + name + self.local_extra + self.packed

    def central(self, offset: int) -> bytes:
        """Record of the central directory."""
        at = offset if self.header_offset is None else self.header_offset
        head = struct.pack(
            "<4s4B4H", b"PK\x01\x02", 20, self.made_on, 20, 0, self.flags, self.method, 0, 0x21
        )
        sizes = struct.pack("<3L", *self._claims(self.claimed_bytes))
        rest = struct.pack(
            "<5H2L", len(self.name), len(self.extra), 0, 0, 0, self.attributes << 16, at
        )
        return head + sizes + rest + self.name + self.extra


def zip_of(
    members: Sequence[Member],
    *,
    comment: bytes = b"",
    count: int | None = None,
    between: bytes = b"",
) -> bytes:
    """Write a zip; `count` is what the end record claims, `between` stands before that record."""
    out = b""
    records = b""
    for member in members:
        records += member.central(len(out))
        out += member.local()
    claimed = len(members) if count is None else count
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, claimed, claimed, len(records), len(out), len(comment)
    )
    return out + records + between + end + comment


def members_of(parts: dict[str, bytes]) -> list[Member]:
    """Make honest members from names and contents."""
    return [Member(name.encode(), content) for name, content in parts.items()]
