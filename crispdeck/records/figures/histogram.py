"""Times in bins whose edges grow by a tenth, so that many can be added up and still be asked.

A quantile read from them is off by at most 5 %: half a bin. No database.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

GROWTH = 1.1  # from bin to bin; half of it is the error of a quantile
SHORTEST_S = 0.001  # a guess: nothing that is timed is shorter
LONGEST_S = 30 * 86_400.0  # thirty days, a guess: four times the default of a deck's retention

Bins = Counter[int]
"""How many times lie in each bin; bin n begins at GROWTH ** n seconds."""


def bin_of(seconds: float) -> int:
    """Return the bin of a time; what is shorter or longer than the limits goes to the last bin."""
    return math.floor(math.log(min(max(seconds, SHORTEST_S), LONGEST_S), GROWTH))


def middle_s(number: int) -> float:
    """Return the geometric middle of a bin in seconds."""
    return float(GROWTH ** (number + 0.5))


def quantile_s(bins: Mapping[int, int], share: float) -> float | None:
    """Return the time in seconds that `share` (0 to 1) of all times do not exceed; None of none."""
    wanted = share * sum(bins.values())
    seen = 0
    for number in sorted(bins):
        seen += bins[number]
        if seen >= wanted:
            return middle_s(number)
    return None


def to_json(bins: Mapping[int, int]) -> dict[str, int]:
    """Give the bins as JSON knows them."""
    return {str(number): count for number, count in sorted(bins.items())}


def add_json(bins: Bins, stored: Mapping[str, int]) -> None:
    """Add what `to_json` gave to `bins`."""
    for number, count in stored.items():
        bins[int(number)] += count


def from_json(stored: Iterable[Mapping[str, int]]) -> Bins:
    """Add up what `to_json` gave."""
    bins: Bins = Counter()
    for each in stored:
        add_json(bins, each)
    return bins
