"""The name of a download."""

import re

import pytest

from crispdeck.storage import (
    content_disposition,
)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("talk.pptx", "attachment; filename=\"talk.pptx\"; filename*=UTF-8''talk.pptx"),
        ("a b.pptx", "attachment; filename=\"a b.pptx\"; filename*=UTF-8''a%20b.pptx"),
        ("é.pptx", "attachment; filename=\"e.pptx\"; filename*=UTF-8''%C3%A9.pptx"),
        ("", "attachment; filename=\"download\"; filename*=UTF-8''download"),
        ("../..", "attachment; filename=\"_\"; filename*=UTF-8''_"),
    ],
)
def test_a_download_name_is_sent_as_rfc_6266_says(name: str, header: str) -> None:
    assert content_disposition(name) == header


@pytest.mark.parametrize(
    "name",
    ['a"; filename=evil.exe; x=".pptx', "a\r\nSet-Cookie: x", "..\\..\\a", "\udcff", "x" * 999],
)
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    header = content_disposition(name)
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\/;\x00-\x1f\x7f-\U0010ffff]+\"; "
        r"filename\*=UTF-8''[A-Za-z0-9%._~-]+",
        header,
    )
    assert len(header) < 2000


def test_a_long_name_keeps_its_extension() -> None:
    assert content_disposition("x" * 999 + ".pptx").count(".pptx") == 2
