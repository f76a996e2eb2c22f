"""Opening and reading parts: from a path, a file or bytes; whole, streamed and raw."""

import hashlib
import io
from pathlib import Path

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.errors import MalformedDeckError, NotADeckError
from tests.crispdeck.deck.deck_maker import Made
from tests.crispdeck.deck.zip_maker import Member, members_of, zip_of

NOISE = bytes(range(256)) * 3000


def a_deck(method: int = 8) -> bytes:
    made = Made(slides=[""])
    with open_deck(made.blob()) as deck:
        members = members_of({name: deck.read(name) for name in deck.names})
    return zip_of([*members, Member(b"folder/", method=0), Member(b"noise.bin", NOISE, method)])


def test_a_path_a_file_and_bytes_give_the_same_deck(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(a_deck())
    blob = path.read_bytes()
    with path.open("rb") as file, open_deck(file) as one, open_deck(path) as two:
        three = open_deck(blob)
        assert one.names == two.names == three.names
        assert one.sha256 == two.sha256 == three.sha256 == hashlib.sha256(blob).hexdigest()
        assert two.size == len(blob)


def test_the_callers_file_stays_open_and_ours_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(a_deck())
    with path.open("rb") as file:
        with open_deck(file):
            pass
        assert not file.closed
        with pytest.raises(NotADeckError):
            open_deck(io.BytesIO(b"no deck"))
    with open_deck(path) as deck:
        pass
    with pytest.raises(ValueError, match="closed"):
        deck.read("noise.bin")


def test_folders_are_entries_but_not_parts() -> None:
    with open_deck(a_deck()) as deck:
        assert "folder/" not in deck.names
        assert "folder/" in [entry.name for entry in deck.entries]
        assert "noise.bin" in deck
        assert "folder/" not in deck


@pytest.mark.parametrize("method", [0, 8])
def test_a_part_reads_the_same_whole_streamed_and_sought(method: int) -> None:
    with open_deck(a_deck(method)) as deck:
        assert deck.read("noise.bin") == NOISE
        assert deck.size_bytes("noise.bin") == len(NOISE)
        with deck.open("noise.bin") as stream:
            assert stream.read(10) == NOISE[:10]
            assert stream.tell() == 10
            assert stream.seek(500_000) == 500_000
            assert stream.read(300) == NOISE[500_000:500_300]
            assert stream.seek(-5, io.SEEK_END) == len(NOISE) - 5
            assert stream.read() == NOISE[-5:]
            assert stream.seek(1) == 1
            assert stream.read() == NOISE[1:]
            assert stream.read() == b""


def test_streams_of_two_parts_do_not_disturb_each_other() -> None:
    with open_deck(a_deck()) as deck, deck.open("noise.bin") as one:
        other = deck.open("noise.bin")
        pieces = [(one.read(5000), other.read(5000)) for _ in range(20)]
    assert b"".join(piece for piece, _ in pieces) == NOISE[:100_000]
    assert all(first == second for first, second in pieces)


def test_raw_entries_lie_back_to_back() -> None:
    blob = a_deck()
    with open_deck(blob) as deck:
        whole = b"".join(
            deck.read_raw(entry.header_offset, entry.end_offset - entry.header_offset)
            for entry in deck.entries
        )
        assert whole == blob[: deck.directory.offset]


def test_a_part_that_is_not_there_is_an_error_of_ours() -> None:
    with open_deck(a_deck()) as deck, pytest.raises(MalformedDeckError):
        deck.read("ppt/none.xml")
