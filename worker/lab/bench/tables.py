"""Figures of many pictures as means per set, and these as Markdown and JSON; measures nothing."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from worker.lab.bench.cases import FLAT_CLASSES, GUARD
from worker.lab.bench.measuring import Measured
from worker.lab.bench.methods import Kind
from worker.lab.bench.results import Figures


@dataclass(frozen=True)
class Metric:
    """One figure and how to read it.

    Attributes:
        badness: what is least for the best method; it gets the figure and the truth's own.
        total: pictures are added up, not averaged.
    """

    name: str
    title: str
    meaning: str
    decimals: int
    badness: Callable[[float, float], float]
    total: bool = False


def _highest(value: float, _: float) -> float:
    return -value


def _lowest(value: float, _: float) -> float:
    return value


def _nearest_1(value: float, _: float) -> float:
    return abs(value - 1)


def _nearest_truth(value: float, truth: float) -> float:
    return abs(value - truth)


METRICS = (
    Metric("psnr_db", "PSNR-Y, dB", "higher is truer", 2, _highest),
    Metric("ssim", "SSIM-Y", "higher is truer", 4, _highest),
    Metric("gmsd", "GMSD", "lower is truer", 4, _lowest),
    Metric(
        "words_agreement",
        "OCR agreement",
        "share of words that tesseract reads alike in result and truth, mean of two readings",
        3,
        _highest,
    ),
    Metric(
        "words_invented",
        "OCR, invented words",
        "words read where the truth has none, in all pictures together, mean of two readings",
        1,
        _lowest,
        total=True,
    ),
    Metric(
        "edge_width_px",
        "Edge width, px",
        "10 to 90 % rise of strong edges; nearest to the truth's is best",
        2,
        _nearest_truth,
    ),
    Metric(
        "invented_detail",
        "Invented detail",
        "energy of what was added to bicubic and is not in the truth, as a multiple of what"
        " bicubic lacks",
        3,
        _lowest,
    ),
    Metric("lost_edges", "Lost edges", "share of strong edges that are gone", 3, _lowest),
    Metric(
        "line_weight",
        "Line weight",
        "ink of thin lines as a multiple of the truth's; 1 is right, above 1 is fat",
        3,
        _nearest_1,
    ),
    Metric(
        "line_weight_error",
        "Line weight, error",
        "mean distance of a line's weight from 1",
        3,
        _lowest,
    ),
    Metric(
        "local_contrast",
        "Local contrast",
        "as a multiple of the truth's; 1 is right, below is soft, above is made up",
        3,
        _nearest_1,
    ),
    Metric(
        "fell_back",
        "Fell back",
        "pictures whose result did not pass Crispdeck's own checks and was interpolated instead",
        0,
        _lowest,
        total=True,
    ),
    Metric(
        "failed",
        "Gave up",
        "pictures on which a peer failed; they are missing from its means",
        0,
        _lowest,
        total=True,
    ),
    Metric(
        "shrunk_psnr_db",
        "LR-PSNR, dB",
        "result shrunk back by bicubic against the input",
        2,
        _highest,
    ),
)
TRUE_EDGE_WIDTH = "true_edge_width_px"


@dataclass(frozen=True, order=True)
class Group:
    """What is averaged over."""

    scale: int
    set: str
    group: str
    regime: str

    @property
    def title(self) -> str:
        """Name for a table's row."""
        name = self.set if self.group == self.set else f"{self.set}: {self.group}"
        return f"{name}, {self.regime}"


@dataclass(frozen=True)
class Row:
    """Means of one method over one group."""

    group: Group
    method: str
    kind: Kind
    pictures: int
    figures: Figures = field(repr=False)


def rows(measured: Iterable[Measured]) -> list[Row]:
    """Average per group and method, in the order in which they were first met.

    The classes of the validation set are averaged once each and once as "flat" or "photographs",
    those of the guard set once each and once all together.
    """
    kept: dict[Group, dict[tuple[str, Kind], list[Figures]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in measured:
        for group in _groups(one):
            kept[group][one.method, one.kind].append(one.figures)
    return [
        Row(group, label, kind, len(figures), _means(figures))
        for group, methods in kept.items()
        for (label, kind), figures in methods.items()
    ]


def _groups(one: Measured) -> list[Group]:
    names = [one.group]
    if one.set == GUARD:
        names.append("all")
    elif one.group != one.set:
        names.append("all flat" if one.group in FLAT_CLASSES else "all photographs")
    return [Group(one.scale, one.set, name, one.regime) for name in names]


def _means(figures: Sequence[Figures]) -> Figures:
    totals = {metric.name for metric in METRICS if metric.total}
    names = dict.fromkeys(name for one in figures for name in one)
    means = {}
    for name in names:
        values = [one[name] for one in figures if math.isfinite(one.get(name, math.nan))]
        if values:
            means[name] = float(np.sum(values) if name in totals else np.mean(values))
    return means


def markdown(found: Sequence[Row], metrics: Sequence[Metric] = METRICS) -> str:
    """Write one table per scale and metric: a line per set, a column per method, best in bold."""
    parts = []
    for scale in sorted({row.group.scale for row in found}, reverse=True):
        at_scale = [row for row in found if row.group.scale == scale]
        for metric in metrics:
            if any(metric.name in row.figures for row in at_scale):
                parts += [f"### ×{scale}: {metric.title}", f"{_sentence(metric.meaning)}"]
                parts.append(_table(at_scale, metric))
    return "\n\n".join(parts) + "\n"


def _table(found: Sequence[Row], metric: Metric) -> str:
    methods = list(dict.fromkeys(row.method for row in found))
    cells = {(row.group, row.method): row for row in found}
    groups = sorted(
        {row.group for row in found if metric.name in row.figures},
        key=[row.group for row in found].index,
    )
    has_truth = metric.name == "edge_width_px"
    heads = ["set", "pictures", *methods, *(["truth"] if has_truth else [])]
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1)]
    for group in groups:
        of_group = [cells[group, method] for method in methods if (group, method) in cells]
        truth = of_group[0].figures.get(TRUE_EDGE_WIDTH, math.nan)
        best = _best(of_group, metric, truth)
        line = [group.title, str(max(row.pictures for row in of_group))]
        line += [_cell(cells.get((group, method)), metric, best) for method in methods]
        lines.append(line + ([f"{truth:.2f}"] if has_truth else []))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _best(found: Sequence[Row], metric: Metric, truth: float) -> set[str]:
    values = {row.method: row.figures[metric.name] for row in found if metric.name in row.figures}
    shown = {
        method: metric.badness(round(value, metric.decimals), truth)
        for method, value in values.items()
    }
    least = min(shown.values(), default=0)
    return {method for method, badness in shown.items() if badness == least}


def _cell(row: Row | None, metric: Metric, best: set[str]) -> str:
    if row is None or metric.name not in row.figures:
        return "–"
    text = f"{row.figures[metric.name]:.{metric.decimals}f}"
    return f"**{text}**" if row.method in best else text


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


def as_json(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows for programs."""
    return [
        {
            "set": row.group.set,
            "class": row.group.group,
            "regime": row.group.regime,
            "scale": row.group.scale,
            "method": row.method,
            "kind": row.kind,
            "pictures": row.pictures,
            "figures": row.figures,
        }
        for row in found
    ]
