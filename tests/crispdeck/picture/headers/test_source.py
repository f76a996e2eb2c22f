"""Bytes are read forwards, exactly, and not for ever."""

import io

import pytest

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.headers.source import MAX_HEADER_BYTES, MAX_READS, ForwardReader


class Dripping(io.RawIOBase):
    """A stream that gives a byte at a time and cannot seek, as a slow upload does."""

    def __init__(self, blob: bytes) -> None:
        self._left = blob

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        del size
        piece, self._left = self._left[:1], self._left[1:]
        return piece


@pytest.mark.parametrize("source", [b"0123456789", Dripping(b"0123456789")], ids=["blob", "drips"])
def test_reading_peeking_and_skipping_go_forwards(source: bytes | Dripping) -> None:
    reader = ForwardReader(source)  # type: ignore[arg-type]
    assert reader.peek(3) == b"012"
    assert reader.read(2) == b"01"
    reader.skip(3)
    assert reader.peek(2) == b"56"
    assert reader.read(5) == b"56789"
    assert reader.peek(1) == b""


def test_an_early_end_is_an_unreadable_picture_and_peeking_none() -> None:
    reader = ForwardReader(b"abc")
    assert reader.peek(10) == b"abc"
    with pytest.raises(UnreadablePictureError, match="too early"):
        reader.read(4)


def test_patience_ends_by_bytes_and_by_pieces() -> None:
    with pytest.raises(UnreadablePictureError, match="longer than any"):
        ForwardReader(bytes(MAX_HEADER_BYTES + 1)).skip(MAX_HEADER_BYTES + 1)
    reader = ForwardReader(bytes(MAX_READS + 1))
    for _ in range(MAX_READS):
        reader.read(1)
    with pytest.raises(UnreadablePictureError, match="longer than any"):
        reader.read(1)
