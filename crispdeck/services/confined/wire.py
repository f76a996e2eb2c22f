"""Messages between a server and its confined processes: JSON, bytes and open files; no pickle.

What comes back was made by a process that read a stranger's file, so it is data and nothing that
could be run.
"""

import array
import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

_HEAD = struct.Struct(">II")
"""Bytes of the JSON, bytes of what follows it."""
_CHUNK_BYTES = 1 << 18  # received at a time; a guess
MAX_JSON_BYTES = 256 << 20
"""The scan of 10,000 placements has 6 MiB."""
MAX_BLOB_BYTES = 1 << 30  # of one answer; a guess, above any picture by the default limits
RAN_OUT = "ran_out"
"""In an answer, for an error's name: memory, or the room for a file, was not enough."""
INTERNAL = "internal"
"""The same: what broke is our fault, and nothing that the file's owner could mend."""
MAX_FILES = 4  # handed over with one message; a guess: tasks are given one or two


def send(line: socket.socket, head: Any, blob: bytes = b"", files: Sequence[int] = ()) -> None:
    """Send a message; the descriptors in `files` are duplicated for the other side."""
    text = json.dumps(head).encode()
    sizes = _HEAD.pack(len(text), len(blob))
    fds = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
    line.sendmsg([sizes], fds)
    line.sendall(text)
    if blob:
        line.sendall(blob)


def receive(line: socket.socket) -> tuple[Any, bytes, list[int]]:
    """Return the next message: JSON, bytes, descriptors, which the caller closes.

    Raises:
        EOFError: the other side has ended.
        ValueError: it does not keep to the format.
    """
    room = socket.CMSG_SPACE(MAX_FILES * array.array("i").itemsize)
    sizes, ancillary, _flags, _address = line.recvmsg(_HEAD.size, room)
    fds = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    try:
        sizes += _exactly(line, _HEAD.size - len(sizes), _HEAD.size)
        json_bytes, blob_bytes = _HEAD.unpack(sizes)
        head = json.loads(_exactly(line, json_bytes, MAX_JSON_BYTES))
        return head, _exactly(line, blob_bytes, MAX_BLOB_BYTES), list(fds)
    except BaseException:
        for fd in fds:
            os.close(fd)
        raise


def _exactly(line: socket.socket, size: int, most: int) -> bytes:
    if size > most:
        raise ValueError("a message of a confined process is too large")
    pieces = bytearray()
    while len(pieces) < size:
        piece = line.recv(min(_CHUNK_BYTES, size - len(pieces)))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)
