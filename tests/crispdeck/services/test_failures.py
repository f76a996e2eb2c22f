"""What operators get to see of a failure."""

import pytest

from crispdeck.errors import UpscaleError
from crispdeck.services.failures import LONGEST, traceback_of


def broken(words: str) -> Exception:
    """An error that was raised somewhere."""
    with pytest.raises(ValueError, match=words[:5]) as caught:
        raise ValueError(words)
    return caught.value


def test_a_traceback_shows_where_it_broke_and_its_cause() -> None:
    error = UpscaleError("It cannot be enlarged.")
    error.__cause__ = broken("the cause")
    found = traceback_of(error)
    assert found is not None
    assert "ValueError: the cause" in found
    assert "It cannot be enlarged." in found


def test_an_error_that_was_only_handed_on_has_none() -> None:
    assert traceback_of(UpscaleError("It cannot be enlarged.")) is None


def test_of_a_long_one_the_end_stays() -> None:
    found = traceback_of(broken("x" * 3 * LONGEST + "the end"))
    assert found is not None
    assert len(found) == LONGEST
    assert found.rstrip().endswith("the end")
