"""How sharp a picture is beside a screen, as people think of it."""

import pytest

from crispdeck.words.sharpness import sharpness_sentence


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, ""),
        (0.1, "less than a quarter as sharp as a full-HD screen"),
        (0.25, "about a quarter as sharp as a full-HD screen"),
        (0.33, "about a third as sharp as a full-HD screen"),
        (0.5, "about half as sharp as a full-HD screen"),
        (0.66, "about two thirds as sharp as a full-HD screen"),
        (0.75, "about three quarters as sharp as a full-HD screen"),
        (1.0, "just as sharp as a full-HD screen"),
        (2.0, "sharper than a full-HD screen"),
    ],
)
def test_sharpness_is_said_as_people_think_of_it(share: float | None, words: str) -> None:
    assert sharpness_sentence(share) == words
