"""How long work waits for what is away."""

from datetime import timedelta

from crispdeck.records.outages import LONGEST_PAUSE, Outage

OUTAGE = Outage(longest=timedelta(hours=1))


def test_the_longest_pause_of_an_outage_is_minutes_and_no_two_are_in_step() -> None:
    pauses = {OUTAGE.pause(timedelta(hours=5)) for _ in range(20)}
    assert len(pauses) == 20
    assert max(pauses) <= LONGEST_PAUSE * 1.5
