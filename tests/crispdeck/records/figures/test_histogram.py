"""Times in bins: no quantile is off by more than half a bin."""

import pytest

from crispdeck.records.figures.histogram import bin_of, middle_s, quantile_s


@pytest.mark.parametrize("seconds", [0.002, 0.05, 1.0, 59.0, 7200.0])
def test_a_bin_is_off_by_five_percent_at_most(seconds: float) -> None:
    assert middle_s(bin_of(seconds)) == pytest.approx(seconds, rel=0.05)


def test_quantiles_of_bins_are_those_of_the_times() -> None:
    times = [0.1 * n for n in range(1, 101)]
    bins: dict[int, int] = {}
    for seconds in times:
        bins[bin_of(seconds)] = bins.get(bin_of(seconds), 0) + 1
    assert quantile_s(bins, 0.5) == pytest.approx(5.0, rel=0.06)
    assert quantile_s(bins, 0.95) == pytest.approx(9.5, rel=0.06)
    assert quantile_s({}, 0.5) is None
