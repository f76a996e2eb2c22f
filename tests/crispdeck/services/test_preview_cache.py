"""What was drawn once is not drawn again, and the disk is not filled with it."""

import os
import threading
import time

import pytest

from crispdeck.errors import PictureTooLargeError, UnreadablePictureError
from crispdeck.services.preview_cache import PreviewCache


def test_what_is_kept_is_not_made_again() -> None:
    kept, made = PreviewCache(100), []

    def make() -> bytes:
        made.append(1)
        return b"preview"

    for _ in range(3):
        assert kept.get("a", make) == b"preview"
    assert len(made) == 1


def test_the_oldest_go_when_there_is_no_room() -> None:
    kept, made = PreviewCache(100), []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode() * 40

    for name in ("a", "b", "b", "c", "b", "a", "c"):
        assert kept.get(name, lambda name=name: make(name)) == name.encode() * 40  # type: ignore[misc]
    assert made == ["a", "b", "c", "a"]
    assert kept._file is not None
    assert os.fstat(kept._file.fileno()).st_size <= 100


def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    kept = PreviewCache(100)
    assert kept.get("a", lambda: bytes(200)) == bytes(200)
    assert kept.get("a", lambda: b"again") == b"again"


def test_many_who_ask_at_once_have_it_made_once() -> None:
    kept, made = PreviewCache(100), []

    def make() -> bytes:
        time.sleep(0.05)
        made.append(1)
        return b"look"

    threads = [threading.Thread(target=kept.get, args=("a", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_refusal_is_remembered() -> None:
    kept, tried = PreviewCache(100), []

    def make() -> bytes:
        tried.append(1)
        raise UnreadablePictureError("The picture is damaged.")

    for _ in range(2):
        with pytest.raises(UnreadablePictureError, match="damaged"):
            kept.get("a", make)
    assert len(tried) == 1


def test_that_time_or_memory_ran_out_is_not_remembered() -> None:
    kept, tried = PreviewCache(100), []

    def make() -> bytes:
        tried.append(1)
        error = PictureTooLargeError("It takes too long.")
        error.ran_out = True
        raise error

    for _ in range(2):
        with pytest.raises(PictureTooLargeError, match="too long"):
            kept.get("a", make)
    assert len(tried) == 2
