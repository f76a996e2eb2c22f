"""Several readers of one open file, each with a place of its own."""

import io
import os
from typing import Any, BinaryIO, cast


def view_of(fd: int) -> BinaryIO:
    """Return a reader of an open file that starts at its beginning; the descriptor is duplicated.

    The file may be closed or read elsewhere meanwhile.
    """
    return cast("BinaryIO", io.BufferedReader(_View(os.dup(fd))))


class _View(io.RawIOBase):
    """One reader's own place in an open file, good for as long as the reader likes."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        size = os.fstat(self._fd).st_size
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        count = os.preadv(self._fd, [buffer], self._at)
        self._at += count
        return count

    def close(self) -> None:
        if not self.closed:
            os.close(self._fd)
        super().close()
