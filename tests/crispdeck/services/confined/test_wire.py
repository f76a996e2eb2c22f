"""Messages between a server and its confined processes."""

import os
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from crispdeck.services.confined.wire import MAX_JSON_BYTES, receive, send

Line = tuple[socket.socket, socket.socket]


@pytest.fixture
def line() -> Iterator[Line]:
    """Both ends of a line."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_message_arrives_as_it_was_sent(line: Line) -> None:
    blob = os.urandom(3_000_000)  # more than any buffer between them holds
    sender = threading.Thread(target=send, args=(line[0], {"a": ["ä", 1, None]}, blob))
    sender.start()
    head, found, files = receive(line[1])
    sender.join()
    assert (head, found == blob, files) == ({"a": ["ä", 1, None]}, True, [])


def test_messages_follow_each_other(line: Line) -> None:
    for number in range(3):
        send(line[0], number, bytes([number]))
    assert [receive(line[1])[:2] for _ in range(3)] == [(0, b"\0"), (1, b"\1"), (2, b"\2")]


def test_an_open_file_is_handed_over(line: Line) -> None:
    read_end, write_end = os.pipe()
    send(line[0], "read this", files=[read_end])
    os.close(read_end)
    _, _, (found,) = receive(line[1])
    os.write(write_end, b"hello")
    assert os.read(found, 5) == b"hello"
    for fd in (found, write_end):
        os.close(fd)


def test_the_end_of_the_other_side_is_no_message(line: Line) -> None:
    line[0].sendall(struct.pack(">II", 100, 0) + b"half")
    line[0].shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        receive(line[1])


def test_a_message_that_claims_to_be_huge_is_refused_unread(line: Line) -> None:
    line[0].sendall(struct.pack(">II", MAX_JSON_BYTES + 1, 0))
    with pytest.raises(ValueError, match="too large"):
        receive(line[1])


def test_what_is_no_json_is_refused(line: Line) -> None:
    line[0].sendall(struct.pack(">II", 4, 0) + b"{bad")
    with pytest.raises(ValueError, match="Expecting"):
        receive(line[1])
