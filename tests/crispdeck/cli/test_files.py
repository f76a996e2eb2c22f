"""Which files a command takes, where results go, and that they appear whole or not at all."""

from pathlib import Path

import pytest

from crispdeck.cli.files import Source, drafted, find_sources, output_for
from crispdeck.deck.names import CRISP, DECK_SUFFIXES, REVERTED
from crispdeck.errors import OutputExistsError


def test_of_a_folder_decks_count_and_nothing_that_we_or_powerpoint_left(tmp_path: Path) -> None:
    for name in (
        "b.pptx",
        "a.PPTX",
        "a.crisp.pptx",
        "a.reverted.pptx",
        "~$b.pptx",
        ".c.pptx",
        "d.txt",
    ):
        (tmp_path / name).touch()
    inner = tmp_path / "more" / "e.potx"
    inner.parent.mkdir()
    inner.touch()
    found = find_sources([tmp_path], DECK_SUFFIXES)
    assert [str(source.inside) for source in found] == ["a.PPTX", "b.pptx", "more/e.potx"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    odd = tmp_path / "a.crisp.pptx"
    odd.touch()
    assert [source.path for source in find_sources([odd, odd, tmp_path], DECK_SUFFIXES)] == [odd]


@pytest.mark.parametrize(
    ("out", "many", "mark", "target"),
    [
        (None, False, CRISP, "in/talk.crisp.pptx"),
        (None, True, CRISP, "in/talk.crisp.pptx"),
        (Path("new.pptx"), False, CRISP, "new.pptx"),
        (Path("folder"), False, CRISP, "folder/sub/talk.pptx"),
        (Path("folder.d"), True, CRISP, "folder.d/sub/talk.pptx"),
    ],
)
def test_where_a_result_goes(out: Path | None, many: bool, mark: str, target: str) -> None:
    source = Source(Path("in/talk.pptx"), Path("sub/talk.pptx"))
    assert output_for(source, out, many=many, mark=mark) == Path(target)


def test_a_reverted_deck_is_no_longer_called_crisp() -> None:
    source = Source(Path("talk.crisp.pptx"), Path("talk.crisp.pptx"))
    assert output_for(source, None, many=False, mark=REVERTED) == Path("talk.reverted.pptx")


def test_a_new_suffix_takes_the_place_of_the_old_one() -> None:
    source = Source(Path("a.bmp"), Path("a.bmp"))
    target = output_for(source, Path("out"), many=True, mark=CRISP, suffix=".png")
    assert target == Path("out/a.png")


def test_a_file_appears_with_all_its_bytes_and_as_any_other_file(tmp_path: Path) -> None:
    target, other = tmp_path / "new" / "a", tmp_path / "other"
    with drafted(target, overwrite=False) as draft:
        draft.file.write(b"whole")
        assert not target.exists()
    other.touch()
    assert target.read_bytes() == b"whole"
    assert target.stat().st_mode == other.stat().st_mode


def test_a_file_that_broke_off_or_is_not_wanted_never_appears(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with pytest.raises(ZeroDivisionError), drafted(target, overwrite=False) as draft:
        draft.file.write(b"half" * (1 // 0))
    with drafted(target, overwrite=False) as draft:
        draft.wanted = False
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_replaced_only_if_that_was_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(OutputExistsError), drafted(target, overwrite=False):
        pass
    with drafted(target, overwrite=True) as draft:
        draft.file.write(b"new")
    assert target.read_bytes() == b"new"


def test_what_came_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with pytest.raises(OutputExistsError), drafted(target, overwrite=False):
        target.write_bytes(b"somebody else's")
    assert target.read_bytes() == b"somebody else's"
