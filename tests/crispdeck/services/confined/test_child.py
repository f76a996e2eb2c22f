"""What a confined process answers when a task does not succeed."""

import errno
import socket

import pytest

from crispdeck.errors import MalformedDeckError
from crispdeck.services.confined import child, wire


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        OSError(errno.EFBIG, "File too large"),
        chained(MalformedDeckError("It cannot be read."), MemoryError()),
        chained(RuntimeError("wrapped"), OSError(errno.ENOMEM, "Cannot allocate memory")),
    ],
)
def test_what_ran_out_is_told_however_it_was_wrapped(error: Exception) -> None:
    assert child.told(error) == {"error": wire.RAN_OUT}


def test_a_refusal_is_told_by_its_name() -> None:
    told = child.told(MalformedDeckError("It cannot be read."))
    assert told == {"error": "MalformedDeckError", "message": "It cannot be read."}


def test_anything_else_is_a_fault_of_ours() -> None:
    told = child.told(socket.gaierror("no such host"))
    assert told["error"] == wire.INTERNAL
    assert "no such host" in told["message"]
