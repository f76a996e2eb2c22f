"""`crispdeck scan` says what is blurred, to people and to programs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crispdeck.deck.scan_json import scan_from_json

Cli = Callable[..., Any]


def test_the_table_shows_each_picture_and_its_verdict(cli: Cli, deck: Path) -> None:
    ran = cli("scan", deck)
    assert ran.code == 0
    assert "48 × 36" in ran.out
    assert "2.0 × 1.5" in ran.out
    assert "less than a quarter" in ran.out
    assert "blurred, ×4" in ran.out
    assert "sharp enough" in ran.out
    assert "4 pictures, 3 blurred, 1 left alone" in ran.out
    assert f"crispdeck enhance {deck}" in ran.out.replace("\n", "")


def test_the_blurred_ones_come_first(cli: Cli, deck: Path) -> None:
    rows = [line for line in cli("scan", deck).out.splitlines() if line.startswith(" slide ")]
    assert ["blurred" in row for row in rows] == [True, True, True, False]


def test_json_holds_the_whole_scan(cli: Cli, deck: Path) -> None:
    (found,) = cli("scan", "--json", deck).json["decks"]
    assert found["deck"] == str(deck)
    scan = scan_from_json(found["scan"])
    assert [picture.scale for picture in scan.low] == [4, 4, 4]


def test_thresholds_decide(cli: Cli, deck: Path) -> None:
    def low(*options: str) -> list[str]:
        (found,) = cli("scan", "--json", *options, deck).json["decks"]
        return [p["part"] for p in found["scan"]["pictures"] if p["verdict"] == "low"]

    assert len(low("--low-ppi", "20")) == 0
    assert len(low("--low-ppi", "500", "--target-ppi", "800")) == 4
    assert len(low("--preset", "strict")) == 3


def test_a_bad_deck_is_one_sentence_and_the_others_are_scanned(
    cli: Cli, deck: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "old.pptx"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    text = tmp_path / "text.pptx"
    text.write_text("no deck")
    ran = cli("scan", bad, text, deck)
    assert ran.code == 1
    assert "4 pictures" in ran.out
    assert len(ran.err.strip().splitlines()) == 2
    assert "[deck_not_a_deck]" in ran.err
    assert "Traceback" not in ran.err


def test_errors_are_in_the_json_too(cli: Cli, tmp_path: Path) -> None:
    text = tmp_path / "text.pptx"
    text.write_text("no deck")
    ran = cli("scan", "--json", text)
    assert ran.code == 1
    assert ran.json["decks"][0]["error"]["code"] == "deck_not_a_deck"


def test_a_folder_stands_for_its_decks(
    cli: Cli, deck: Path, make_deck: Callable[..., Path], low_png: bytes
) -> None:
    folder = deck.parent
    make_deck(folder / "deep" / "other.pptx", low_png)
    (folder / "~$talk.pptx").write_bytes(b"lock")
    (folder / "talk.crisp.pptx").write_bytes(deck.read_bytes())
    (folder / "notes.txt").write_text("nothing")
    names = [Path(found["deck"]).name for found in cli("scan", "--json", folder).json["decks"]]
    assert names == ["other.pptx", "talk.pptx"]


def test_an_empty_folder_is_nothing_to_do(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cli("scan", tmp_path / "empty").code == 3


def test_a_deck_without_pictures_says_so(
    cli: Cli, tmp_path: Path, make_deck: Callable[..., Path]
) -> None:
    ran = cli("scan", make_deck(tmp_path / "plain.pptx"))
    assert ran.code == 0
    assert "no pictures" in ran.out


def test_brackets_in_names_are_no_markup(
    cli: Cli, tmp_path: Path, make_deck: Callable[..., Path], low_png: bytes
) -> None:
    made = make_deck(tmp_path / "[red]talk[bold].pptx", low_png)
    assert "[red]talk[bold].pptx" in cli("scan", made).out
