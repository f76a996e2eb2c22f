"""Takes the body of a request in, at its sender's pace, without a thread and within limits."""

import asyncio
import io
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO, cast

from werkzeug.exceptions import ClientDisconnected

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

IN_MEMORY_BYTES = 16 << 10
"""A request's body up to here is kept in memory; a larger one in a nameless file."""
GRACE_S = 30.0
"""A body may take so long, however small it is."""
SLOWEST_BYTES_PER_S = 4 << 10
"""Beyond that it must come so fast on average: a modem does."""


class Body(io.RawIOBase):
    """What of a body has come; reading beyond it raises where more was announced."""

    def __init__(self, file: BinaryIO, *, is_whole: bool) -> None:
        self._file = file
        self._is_whole = is_whole

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer.

        Raises:
            ClientDisconnected: the sender gave up, or was too slow.
        """
        chunk = self._file.read(len(buffer))
        if not chunk and not self._is_whole and len(buffer):
            raise ClientDisconnected
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


async def take_body(receive: Receive, most_bytes: int) -> tuple[Body, int]:
    """Take a body in.

    Args:
        receive: of ASGI.
        most_bytes: what comes behind is not kept; who reads it finds it too large.

    Returns:
        The body and its bytes.
    """
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115 - closed with the body
    size_bytes, begun, is_whole = 0, time.monotonic(), False
    loop = asyncio.get_running_loop()
    while size_bytes <= most_bytes:
        allowed_s = GRACE_S + size_bytes / SLOWEST_BYTES_PER_S - (time.monotonic() - begun)
        try:
            message = await asyncio.wait_for(receive(), max(0.01, allowed_s))
        except TimeoutError:
            break
        if message["type"] != "http.request":
            break
        chunk = message.get("body", b"")
        if size_bytes + len(chunk) > IN_MEMORY_BYTES:  # the disk may make us wait
            await loop.run_in_executor(None, file.write, chunk)
        else:
            file.write(chunk)
        size_bytes += len(chunk)
        if not message.get("more_body", False):
            is_whole = True
            break
    file.seek(0)
    return Body(file, is_whole=is_whole or size_bytes > most_bytes), size_bytes
