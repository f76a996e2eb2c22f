"""One tree of errors: every kind is drawn where a reader looks, with its code, and has a title."""

import re
from collections.abc import Iterator

import pytest

from crispdeck import errors
from crispdeck.errors import CrispdeckError


def kinds(of: type[CrispdeckError] = CrispdeckError) -> Iterator[type[CrispdeckError]]:
    """The class and all below it that are errors of the library."""
    if of.__module__ == errors.__name__:
        yield of
    for below in of.__subclasses__():
        yield from kinds(below)


KINDS = sorted(kinds(), key=lambda kind: kind.__name__)


def test_the_drawing_shows_every_kind_with_its_code_below_its_parent() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([│├└─ ]*)(\w+Error)\b\s*(.*)", line)
        if found is None:
            continue
        branch = next((at for at, sign in enumerate(found[1]) if sign in "├└"), -4)
        depth = branch // 4 + 1
        path[depth:] = [found[2]]
        drawn[found[2]] = path[depth - 1] if depth else ""
        kind = getattr(errors, found[2])
        first = found[3].split()[:1]
        if first and "_" in first[0]:
            assert first == [kind.code]
    bases = {kind.__name__: kind.__bases__[0].__name__ for kind in kinds() if kind.code}
    bases["CrispdeckError"] = ""
    assert drawn == bases


@pytest.mark.parametrize("kind", KINDS)
def test_a_title_is_one_sentence_for_people(kind: type[CrispdeckError]) -> None:
    title = (kind.__doc__ or "").splitlines()[0]
    assert title.endswith(".")
    assert title[0].isupper()


def test_no_two_kinds_share_a_code() -> None:
    codes = [kind.__dict__["code"] for kind in kinds() if "code" in kind.__dict__]
    assert len(codes) == len(set(codes))
