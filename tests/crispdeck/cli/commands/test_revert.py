"""`crispdeck revert` gives the very bytes back, of all pictures or of one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

Cli = Callable[..., Any]


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as deck:
        return {name: deck.read(name) for name in deck.namelist()}


@pytest.fixture
def crisp(cli: Cli, deck: Path) -> Path:
    assert cli("enhance", deck).code == 0
    return deck.with_name("talk.crisp.pptx")


def test_a_reverted_deck_equals_the_original(cli: Cli, deck: Path, crisp: Path) -> None:
    ran = cli("revert", crisp)
    assert ran.code == 0
    assert "3 pictures put back" in ran.out
    assert parts(deck.with_name("talk.reverted.pptx")) == parts(deck)


def test_a_renamed_deck_is_still_known(cli: Cli, deck: Path, crisp: Path, tmp_path: Path) -> None:
    moved = crisp.rename(tmp_path / "final version 2.pptx")
    assert cli("revert", moved, "-o", tmp_path / "back.pptx").code == 0
    assert parts(tmp_path / "back.pptx") == parts(deck)


def test_one_picture_goes_back_and_the_others_stay(cli: Cli, deck: Path, crisp: Path) -> None:
    part = next(name for name in parts(crisp) if name.endswith(".jpg"))
    ran = cli("revert", crisp, "--picture", part)
    assert "1 picture put back" in ran.out
    old, new, back = parts(deck), parts(crisp), parts(deck.with_name("talk.reverted.pptx"))
    assert back[part] == old[part]
    assert {name: back[name] for name in back if name != part} == {
        name: new[name] for name in new if name != part
    }


def test_a_picture_that_was_never_swapped_is_an_error(cli: Cli, crisp: Path) -> None:
    ran = cli("revert", crisp, "--picture", "ppt/media/none.png")
    assert ran.code == 1
    assert "[swap_refused]" in ran.err
    assert not crisp.with_name("talk.reverted.pptx").exists()


def test_a_deck_of_others_is_nothing_to_do(cli: Cli, deck: Path) -> None:
    ran = cli("revert", deck)
    assert ran.code == 3
    assert [path.name for path in deck.parent.iterdir()] == ["talk.pptx"]


def test_nothing_is_overwritten_unasked(cli: Cli, crisp: Path) -> None:
    target = crisp.with_name("talk.reverted.pptx")
    target.write_text("mine")
    assert cli("revert", crisp).code == 1
    assert target.read_text() == "mine"
    assert cli("revert", crisp, "--overwrite").code == 0


def test_a_folder_of_crisp_decks_is_taken_whole(cli: Cli, crisp: Path, tmp_path: Path) -> None:
    ran = cli("revert", crisp.parent, "-o", tmp_path / "back")
    assert ran.code == 0
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["talk.crisp.pptx"]
