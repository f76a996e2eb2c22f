"""Read bytes forwards from a blob or a stream, with an end to patience; knows no format."""

import io
from typing import BinaryIO

from crispdeck.errors import UnreadablePictureError

MAX_HEADER_BYTES = 32 * 2**20
"""How far a header is followed: text and colour profiles stand before the pixels, and a still
GIF must be walked to its end. Nothing that is read is kept."""

MAX_READS = 400_000
"""How many pieces a header may consist of: a 32 MB GIF in blocks of 255 bytes has 263,000."""

_CHUNK_BYTES = 64 * 1024  # passed at a time; a guess
_FILL_BYTES = 4 * 1024  # read at least; most headers end within it


class ForwardReader:
    """Reads and skips forwards; never seeks, so that a part of a zip can be read as it inflates.

    Raises:
        UnreadablePictureError: the data end too early, or the header goes on for too long.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._stream = io.BytesIO(source) if isinstance(source, bytes) else source
        self._buffer = b""
        self._at = 0
        self._passed_bytes = 0
        self._reads = 0

    def peek(self, count: int) -> bytes:
        """Return up to `count` next bytes without passing them."""
        while len(self._buffer) - self._at < count:
            more = self._stream.read(max(count, _FILL_BYTES))
            if not more:
                break
            self._buffer = self._buffer[self._at :] + more
            self._at = 0
        return self._buffer[self._at : self._at + count]

    @property
    def buffered(self) -> bytes:
        """What was taken from the stream and not passed yet."""
        return self._buffer[self._at :]

    def read(self, count: int) -> bytes:
        """Return exactly `count` bytes."""
        self._passed_bytes += count
        self._reads += 1
        if self._passed_bytes > MAX_HEADER_BYTES or self._reads > MAX_READS:
            raise UnreadablePictureError("The picture's header is longer than any real one.")
        data = self.peek(count)
        if len(data) < count:
            raise UnreadablePictureError("The picture ends too early.")
        self._at += count
        return data

    def skip(self, count: int) -> None:
        """Pass `count` bytes, keeping none of them."""
        while count > 0:
            step = min(count, _CHUNK_BYTES)
            self.read(step)
            count -= step
