"""What a person can do about an error."""

from crispdeck.errors import CrispdeckError, QueueError
from crispdeck.words.advice import advice_for


def test_advice_is_given_where_there_is_some() -> None:
    assert advice_for(QueueError("The broker is away.")) == "Try again."
    assert advice_for(CrispdeckError("Something.")) == ""
