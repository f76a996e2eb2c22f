"""Names of decks as callers send them: kept for people, never used as a path."""

import pytest

from crispdeck.services.deck_intake import (
    MAX_FOLDER_LENGTH,
    MAX_NAME_LENGTH,
    clean_folder,
    clean_name,
)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("talk.pptx", "talk.pptx"),
        ("/etc/passwd", "passwd"),
        ("C:\\decks\\talk.pptx", "talk.pptx"),
        ("a\x00b\nc.pptx", "abc.pptx"),
        ("  ", "deck.pptx"),
        ("", "deck.pptx"),
        ("Cafe\u0301.pptx", "Café.pptx"),
        ("x\udcff.pptx", "x?.pptx"),
    ],
)
def test_of_a_name_the_last_part_stays(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_of_a_long_name_the_end_stays_with_its_suffix() -> None:
    name = clean_name("x" * 500 + ".pptx")
    assert len(name) == MAX_NAME_LENGTH
    assert name.endswith("x.pptx")


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("2026/Q3/talks", "2026/Q3/talks"),
        ("../../etc", "etc"),
        ("/a//b/./c/", "a/b/c"),
        ("a\\b", "a/b"),
        ("a\x07/ /b", "a/b"),
        ("", ""),
    ],
)
def test_a_folder_leads_nowhere_else(path: str, clean: str) -> None:
    assert clean_folder(path) == clean


def test_a_long_folder_is_cut() -> None:
    assert len(clean_folder("ab/" * 1000)) <= MAX_FOLDER_LENGTH
