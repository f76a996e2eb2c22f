"""What a line promises appears, whoever is killed between the line and the files."""

from pathlib import Path

import pytest

from crispdeck.cli.watch_journal import Entry, Journal
from crispdeck.errors import ConflictError

ENTRY = Entry(deck="a.pptx", sha256="0" * 64, size_bytes=1, mtime_ns=2, state="done")


def commit(journal: Journal, out: Path, entry: Entry = ENTRY) -> None:
    with journal.staging() as stage:
        (stage / "deck").write_bytes(b"sharp")
        journal.commit(entry, stage, {stage / "deck": out / "a.pptx"}, [out / "a.pptx.failed.txt"])


def test_files_appear_with_their_line_and_notes_go(tmp_path: Path) -> None:
    note = tmp_path / "a.pptx.failed.txt"
    note.touch()
    journal = Journal(tmp_path)
    with journal.opened():
        commit(journal, tmp_path)
        assert journal.is_ours("a.pptx", tmp_path / "a.pptx")
    assert (tmp_path / "a.pptx").read_bytes() == b"sharp"
    assert not note.exists()
    assert list(journal.folder.glob("stage-*")) == []


def test_what_was_promised_before_a_kill_appears_at_the_next_start(tmp_path: Path) -> None:
    killed = Journal(tmp_path)
    with killed.opened():
        (tmp_path / "a.pptx").mkdir()  # the rename cannot happen
        with pytest.raises(OSError, match="directory"):
            commit(killed, tmp_path)
    (tmp_path / "a.pptx").rmdir()
    journal = Journal(tmp_path)
    with journal.opened():
        assert journal.get("a.pptx") is not None
    assert (tmp_path / "a.pptx").read_bytes() == b"sharp"
    assert list(journal.folder.glob("stage-*")) == []


def test_what_could_not_appear_does_at_the_next_look(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with journal.opened():
        (tmp_path / "a.pptx").mkdir()
        with pytest.raises(OSError, match="directory"):
            commit(journal, tmp_path)
        (tmp_path / "a.pptx").rmdir()
        journal.finish_promises()
        assert (tmp_path / "a.pptx").read_bytes() == b"sharp"


def test_what_was_staged_without_a_line_is_gone_at_the_next_start(tmp_path: Path) -> None:
    stage = tmp_path / ".crispdeck-watch" / "stage-1-1"
    stage.mkdir(parents=True)
    (stage / "deck").write_bytes(b"half")
    with Journal(tmp_path).opened():
        assert not stage.exists()


def test_a_line_cut_short_by_a_kill_harms_no_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with journal.opened():
        commit(journal, tmp_path)
    file = journal.folder / "journal.jsonl"
    file.write_text(file.read_text() + '{"deck": "b.pp')
    again = Journal(tmp_path)
    with again.opened():
        assert again.get("a.pptx") == journal.get("a.pptx")
    assert len(file.read_text().splitlines()) == 1


def test_a_result_that_somebody_changed_is_not_ours_any_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with journal.opened():
        commit(journal, tmp_path)
        (tmp_path / "a.pptx").write_bytes(b"edited by hand")
        assert not journal.is_ours("a.pptx", tmp_path / "a.pptx")
        assert not journal.is_ours("b.pptx", tmp_path / "a.pptx")


def test_two_do_not_write_to_one_folder(tmp_path: Path) -> None:
    first, second = Journal(tmp_path), Journal(tmp_path)
    with first.opened(), pytest.raises(ConflictError, match="already"), second.opened():
        pass
