"""Names in a zip lead nowhere else, name no device and look like what they are."""

import pytest

from crispdeck.services.deck_intake import clean_folder
from crispdeck.services.zip_names import ZipNames


@pytest.mark.parametrize(
    ("folder", "name", "found"),
    [
        ("a/b", "talk.pptx", "a/b/talk.pptx"),
        ("", "talk.pptx", "talk.pptx"),
        ("AAA/..", "x.pptx", "AAA/x.pptx"),
        ("../../etc", "x.pptx", "etc/x.pptx"),
        (".", "..", "deck.pptx"),
        ("con", "nul.pptx", "_con/_nul.pptx"),
        ("", "LPT1", "_LPT1"),
        ("", "console.pptx", "console.pptx"),
        ("", "talk\u202exptp.exe", "talkxptp.exe"),
        ("", "a\u2066b\u200f.pptx", "ab.pptx"),
        ("", 'a:"b".pptx', "a__b_.pptx"),
        ("", "上海.pptx", "上海.pptx"),
    ],
)
def test_a_name_is_good_on_every_system(folder: str, name: str, found: str) -> None:
    assert ZipNames().free(folder, name) == found


def test_no_name_comes_twice() -> None:
    names = ZipNames()
    assert [names.free("a", one) for one in ("T.pptx", "t.pptx", "t.pptx")] == [
        "a/T.pptx",
        "a/t (2).pptx",
        "a/t (3).pptx",
    ]


def test_a_long_name_keeps_its_extension() -> None:
    found = ZipNames().free("", "x" * 400 + ".pptx")
    assert found.endswith("x.pptx")
    assert len(found) <= 120


def test_a_folder_that_is_too_long_is_not_cut_into_dots() -> None:
    assert not clean_folder("A" * 497 + "/..x").endswith("..")
