"""Where a method is worse than plain interpolation, picture by picture; measures nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from worker.lab.bench.cases import GUARD
from worker.lab.bench.measuring import Measured
from worker.lab.bench.methods import BICUBIC

NOTICED_DB = 0.1
"""A picture so much below bicubic counts as made worse: less comes of rounding and borders."""
_MEANING = (
    "Gain in PSNR of luma, dB, in the mean / of the worst picture / pictures more than"
    f" {NOTICED_DB} dB below, ×2 and ×4, clean and as JPEG."
)


@dataclass(frozen=True)
class Harm:
    """What one method does to some pictures, against bicubic interpolation.

    Attributes:
        pictures: how many there are.
        worse: how many of them come out more than NOTICED_DB below.
        mean_db, worst_db: of the differences in PSNR of luma, positive where the method is better.
        worst_name: of the picture that comes out worst.
    """

    method: str
    group: str
    pictures: int
    worse: int
    mean_db: float
    worst_db: float
    worst_name: str


def harm(measured: Iterable[Measured], of_set: str = GUARD) -> list[Harm]:
    """Compare every method with bicubic on each picture of `of_set`; by class, then all of it."""
    found: dict[tuple[str, int, str], dict[str, Measured]] = defaultdict(dict)
    for one in measured:
        if one.set == of_set and "psnr_db" in one.figures:
            found[one.name, one.scale, one.regime][one.method] = one
    differences: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for (name, scale, regime), methods in found.items():
        plain = methods.pop(BICUBIC.label, None)
        for label, one in methods.items() if plain else ():
            less_db = one.figures["psnr_db"] - plain.figures["psnr_db"] if plain else 0.0
            for group in (one.group, "all"):
                differences[label, group].append((less_db, f"{name} ×{scale} {regime}"))
    return [_harm(*key, differences[key]) for key in _all_last(differences)]


def _all_last(differences: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(differences, key=lambda key: (key[1] == "all",))


def _harm(method: str, group: str, differences: Sequence[tuple[float, str]]) -> Harm:
    worst_db, worst_name = min(differences)
    return Harm(
        method=method,
        group=group,
        pictures=len(differences),
        worse=sum(less_db < -NOTICED_DB for less_db, _ in differences),
        mean_db=fmean(less_db for less_db, _ in differences),
        worst_db=worst_db,
        worst_name=worst_name,
    )


def markdown(found: Sequence[Harm]) -> str:
    """Write one table: a line per class, a column per method; empty where there is no guard set.

    Each cell holds mean gain, worst picture, and how many are worse.
    """
    if not found:
        return ""
    methods = list(dict.fromkeys(one.method for one in found))
    cells = {(one.group, one.method): one for one in found}
    groups = list(dict.fromkeys(one.group for one in found))
    lines = [
        "### Never worse: the guard set beside bicubic",
        "",
        _MEANING,
        "",
        f"| class | pictures | {' | '.join(methods)} |",
        f"| --- | ---: |{' ---: |' * len(methods)}",
    ]
    for group in groups:
        of_group = [cells.get((group, method)) for method in methods]
        count = max(one.pictures for one in of_group if one)
        lines.append(f"| {group} | {count} | {' | '.join(map(_cell, of_group))} |")
    return "\n".join(lines) + "\n\n"


def _cell(one: Harm | None) -> str:
    return "–" if one is None else f"{one.mean_db:+.2f} / {one.worst_db:+.2f} / {one.worse}"
