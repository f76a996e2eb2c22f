"""The whole attack set against a web server of its own (`python -m tests.attacks` shows it)."""

import pytest

from tests.attacks import attack

pytestmark = pytest.mark.fault

MOST_MIB = 700


@pytest.mark.timeout(1200)
def test_the_whole_attack_set_costs_little_and_is_refused_in_words() -> None:
    seen = attack()
    broken = [(name, one.status) for name, one in seen.answers if one.status >= 500]
    assert broken == []
    uncoded = [
        (name, one.status)
        for name, one in seen.answers
        if one.status >= 400 and not one.code and "/admin" not in name and b"<html" not in one.body
    ]
    assert uncoded == []
    assert seen.largest_sum_bytes < MOST_MIB << 20
    assert seen.percentile_s(0.99) < 1.0  # on a machine that others use, too
