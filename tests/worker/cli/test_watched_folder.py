"""Decks that come are enhanced once, whatever happens; beside them lies why there is no result."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crispdeck.cli.settling import Settling
from crispdeck.cli.watch_journal import Journal
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import UpscaleError
from crispdeck.settings import Settings
from tests.crispdeck.services.test_enhance import Interpolation
from worker.cli.deck_run import RunOptions
from worker.cli.outcomes import State
from worker.cli.watched_folder import Watched, WatchedFolder

MakeDeck = Callable[..., Path]


class Folder:
    """A watched folder and the process that watches it, which may be started again."""

    def __init__(self, tmp_path: Path, *, beside: bool = False) -> None:
        self.incoming = tmp_path / "incoming"
        self.incoming.mkdir()
        self.out = self.incoming if beside else tmp_path / "out"
        self.beside = beside
        self.settings = Settings(data_dir=tmp_path / "data")
        self.sharpen = Interpolation()
        self.now_s = 0.0

    def look(self, times: int = 1) -> list[State]:
        """Start, look so many times, end."""
        run = RunOptions(
            settings=self.settings,
            options=ScanOptions(),
            allow_signed=False,
            overwrite=False,
            dry_run=False,
        )
        watched = Watched(
            folder=self.incoming, out=None if self.beside else self.out, report="json"
        )
        journal = Journal(self.out)
        states = []
        with journal.opened():
            watch = WatchedFolder(
                watched, run, journal, self.sharpen, Settling(0), lambda: self.now_s
            )
            for _ in range(times):
                states += [outcome.state for outcome in watch.look()]
                self.now_s += 3600
        return states

    def found(self) -> list[str]:
        """Every file that people see in the folder of results."""
        return sorted(
            path.relative_to(self.out).as_posix()
            for path in self.out.rglob("*")
            if path.is_file() and ".crispdeck-watch" not in path.parts
        )


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_deck_appears_with_its_report_and_is_done_once_over_restarts(
    folder: Folder, make_deck: MakeDeck, low_png: bytes
) -> None:
    make_deck(folder.incoming / "deep" / "talk.pptx", low_png)
    assert folder.look(times=2) == [State.DONE]
    assert folder.found() == ["deep/talk.pptx", "deep/talk.pptx.report.json"]
    assert folder.look() == []
    assert len(folder.sharpen.asked) == 1


def test_a_touched_deck_is_known_by_its_bytes_and_a_changed_one_is_done_again(
    folder: Folder, make_deck: MakeDeck, low_png: bytes, low_jpeg: bytes
) -> None:
    deck = make_deck(folder.incoming / "talk.pptx", low_png)
    assert folder.look() == [State.DONE]
    first = (folder.out / "talk.pptx").read_bytes()
    os.utime(deck, (10**9, 10**9))
    assert folder.look(times=2) == []
    make_deck(deck, low_jpeg)
    assert folder.look(times=2) == [State.DONE]
    assert (folder.out / "talk.pptx").read_bytes() != first


def test_results_beside_their_decks_are_no_new_decks(
    tmp_path: Path, make_deck: MakeDeck, low_png: bytes
) -> None:
    folder = Folder(tmp_path, beside=True)
    make_deck(folder.incoming / "talk.pptx", low_png)
    assert folder.look(times=3) == [State.DONE]
    assert folder.found() == ["talk.crisp.pptx", "talk.crisp.pptx.report.json", "talk.pptx"]


def test_results_inside_the_watched_folder_are_no_new_decks(
    tmp_path: Path, make_deck: MakeDeck, low_png: bytes
) -> None:
    folder = Folder(tmp_path)
    folder.out = folder.incoming / "sharp"
    make_deck(folder.incoming / "talk.pptx", low_png)
    assert folder.look(times=3) == [State.DONE]


def test_a_file_beside_says_why_until_a_later_version_succeeds(
    folder: Folder, make_deck: MakeDeck, low_png: bytes
) -> None:
    deck = folder.incoming / "talk.pptx"
    deck.write_bytes(b"PK\3\4 cut short")
    assert folder.look(times=3) == [State.FAILED]
    assert folder.found() == ["talk.pptx.failed.txt"]
    words = (folder.out / "talk.pptx.failed.txt").read_text()
    assert "[deck_truncated]" in words
    assert "when the deck has changed" in words
    make_deck(deck, low_png)
    assert folder.look() == [State.DONE]
    assert folder.found() == ["talk.pptx", "talk.pptx.report.json"]


def test_a_deck_with_nothing_blurred_has_a_note_and_is_not_looked_at_again(
    folder: Folder, make_deck: MakeDeck, sharp_png: bytes
) -> None:
    make_deck(folder.incoming / "talk.pptx", sharp_png)
    assert folder.look(times=2) == [State.NOTHING]
    assert folder.found() == ["talk.pptx.unchanged.txt"]


def test_a_picture_that_fails_is_named_beside_the_result(
    folder: Folder, make_deck: MakeDeck, low_png: bytes
) -> None:
    make_deck(folder.incoming / "talk.pptx", low_png)
    folder.sharpen.error = UpscaleError("The network gave nothing.")
    assert folder.look() == [State.DONE]
    assert (
        "The network gave nothing. [upscale_failed]"
        in (folder.out / "talk.pptx.failed.txt").read_text()
    )


def test_somebody_elses_file_stays_and_so_does_a_result_edited_by_hand(
    folder: Folder, make_deck: MakeDeck, low_png: bytes, low_jpeg: bytes
) -> None:
    deck = make_deck(folder.incoming / "talk.pptx", low_png)
    folder.out.mkdir()
    (folder.out / "talk.pptx").write_text("mine")
    assert folder.look(times=2) == [State.FAILED]
    assert (folder.out / "talk.pptx").read_text() == "mine"
    assert "[output_exists]" in (folder.out / "talk.pptx.failed.txt").read_text()
    (folder.out / "talk.pptx").unlink()
    make_deck(deck, low_jpeg)
    assert folder.look() == [State.DONE]
    (folder.out / "talk.pptx").write_text("edited by hand")
    make_deck(deck, low_png, low_jpeg)
    assert folder.look() == [State.FAILED]
    assert (folder.out / "talk.pptx").read_text() == "edited by hand"


def test_a_failure_between_two_successes_does_not_disown_the_result(
    folder: Folder, make_deck: MakeDeck, low_png: bytes, low_jpeg: bytes
) -> None:
    deck = make_deck(folder.incoming / "talk.pptx", low_png)
    assert folder.look() == [State.DONE]
    deck.write_bytes(b"PK\3\4 cut short")
    assert folder.look() == [State.FAILED]
    make_deck(deck, low_jpeg)
    assert folder.look() == [State.DONE]


def test_a_fault_of_our_own_ends_no_watch_and_is_tried_again_with_pauses(
    folder: Folder, make_deck: MakeDeck, low_png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_deck(folder.incoming / "talk.pptx", low_png)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as patch:
        patch.setattr("worker.cli.deck_run.enhance", broken)
        assert folder.look(times=9) == [State.FAILED] * 5
    assert folder.look() == []


def test_a_deck_that_changes_while_in_work_leaves_no_result_of_the_old_version(
    folder: Folder, make_deck: MakeDeck, low_png: bytes, low_jpeg: bytes
) -> None:
    deck = make_deck(folder.incoming / "talk.pptx", low_png)

    class Meddling(Interpolation):
        def __call__(self, blob: bytes, scale: int) -> object:  # type: ignore[override]
            if not self.asked:
                make_deck(deck, low_jpeg, low_png)
            return super().__call__(blob, scale)

    folder.sharpen = Meddling()
    assert folder.look() == []
    assert folder.found() == []
    assert folder.look() == [State.DONE]


def test_a_folder_that_is_away_is_an_error_and_no_empty_folder(folder: Folder) -> None:
    folder.incoming.rmdir()
    with pytest.raises(FileNotFoundError):
        folder.look()
