"""One run of `crispdeck bench lineage`: what is missing is trained and measured, then written.

All that was found is kept, so that a run that was stopped, or that had no more time, goes on.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from crispdeck.errors import BadInputError
from crispdeck.settings import Settings
from worker.lab.bench.cases import (
    CLASSIC,
    Case,
    degraded_cases,
    every_nth,
    folder_truths,
    validation_cases,
)
from worker.lab.bench.deck_pictures import flat_pictures
from worker.lab.bench.machine import this_machine
from worker.lab.bench.measuring import Measured, Measurer
from worker.lab.bench.methods import BICUBIC, Bare, Method, Ours
from worker.lab.bench.quality import RESULTS
from worker.lab.bench.results import Results
from worker.lab.bench.tables import rows as means_of
from worker.lab.lineage.__main__ import open_corpus
from worker.lab.lineage.recipes import train_row
from worker.lab.lineage.report.costs import (
    MOST_MULTIPLICATIONS,
    SIDES_PX,
    Cost,
    kept_multiplications,
    known_cost,
    measure_cost,
)
from worker.lab.lineage.report.methods import LineageMethod, by_reference, is_usable
from worker.lab.lineage.report.page import Found, page
from worker.lab.lineage.rows import ROWS, SCALE, Row, to_train
from worker.lab.lineage.training import Budget
from worker.lab.metrics import Picture
from worker.networks.registry import NETWORKS

DECKS = "decks"
PLOTTED = DECKS
"""The set of the plot where it was measured; else the first that was."""
PLOT, SHEET = "lineage-quality.png", "lineage-sheet.jpg"
REFERENCE_SETS = frozenset({"Set5", "Set14"})
MOST_SIDE_PX = 128  # of a small picture that references are tried on: a search takes long
SHEET_PICTURES = 5  # one for each kind of content

T = TypeVar("T")


@dataclass(frozen=True)
class Pictures:
    """The sets to measure on, ×4; the guard set, which no paper has in mind, is left out.

    Attributes:
        data: folder with test/Set5 … and decks/talks.
        validation: folder of the project's own validation set.
        sets: names of sets to keep; empty keeps all.
        limit: at most so many pictures of each set or class.
    """

    data: Path | None
    validation: Path | None = None
    sets: frozenset[str] = frozenset()
    limit: int | None = None

    def cases(self) -> list[Case]:
        """Make them; what is not asked for is not looked at.

        Raises:
            BadInputError: there is nothing to measure on.
        """
        found: list[Case] = []
        if self.data is not None:
            classic = (name for name in CLASSIC if self._has(name))
            for name in classic:
                folder = self.data / "test" / name
                if folder.is_dir():
                    truths = folder_truths(folder, self.limit)
                    found += degraded_cases(name, truths, scales=(SCALE,))
            talks = self.data / "decks" / "talks"
            if self._has(DECKS) and talks.is_dir():
                flats = every_nth(flat_pictures(talks), self.limit)
                found += degraded_cases(DECKS, flats, scales=(SCALE,), reads=True)
        if self.validation is not None and self._has("validation"):
            found += validation_cases(self.validation, (SCALE,), self.limit)
        if not found:
            raise BadInputError("There are no pictures to measure on: name the test data (--data).")
        return found

    def _has(self, name: str) -> bool:
        return not self.sets or name in self.sets


@dataclass(frozen=True)
class Run:
    """What a run is to do.

    Attributes:
        budget: processor minutes of each row's training.
        corpus: None trains nothing.
        pictures: what to measure on.
        out: folder of what is kept.
        page: the file to write; pictures go into `images` beside it.
        minutes: after so much time nothing new is begun.
        read: read words too.
        times: measure milliseconds and memory, which says something on a quiet machine only.
    """

    budget: float
    corpus: Path | None
    pictures: Pictures
    out: Path
    page: Path
    minutes: float = math.inf
    read: bool = True
    times: bool = True
    progress: Callable[[str], None] = field(default=lambda _: None, repr=False)
    began: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Tell whether the time is up."""
        return time.monotonic() - self.began > self.minutes * 60


def run(wanted: Run) -> Path:
    """Do it, and return the page."""
    if wanted.corpus is not None:
        _train(wanted, wanted.corpus)
    settings = Settings(device="cpu", dtype="float32", torch_threads=1)
    results = Results(wanted.out / RESULTS)
    cases = wanted.pictures.cases()
    multiplied = {row.name: kept_multiplications(row, results) for row in ROWS.values()}
    costs = {row.name: _costs(row, multiplied[row.name], wanted, results) for row in ROWS.values()}
    measured = _quality(wanted, cases, _methods(settings), results)
    found = Found(
        heading=f"On {this_machine()}.",
        budget=wanted.budget,
        seed=Budget(wanted.budget).seed,
        means=means_of(measured),
        multiplications=multiplied,
        costs=costs,
        references=_references(wanted, cases, results),
    )
    found = _drawn(wanted, found, cases, settings)
    wanted.page.parent.mkdir(parents=True, exist_ok=True)
    wanted.page.write_text(page(found), encoding="utf-8")
    return wanted.page


def _train(wanted: Run, folder: Path) -> None:
    corpus = open_corpus(folder)
    for row in to_train():
        if not wanted.is_over:
            wanted.progress(f"training {row.title}")
            train_row(row, corpus, Budget(wanted.budget))


def _methods(settings: Settings) -> list[Method]:
    ours = [one for one in NETWORKS.values() if one.scale == SCALE]
    lineage = [LineageMethod(settings, row) for row in ROWS.values() if is_usable(row)]
    return [BICUBIC, *lineage, *(Bare(settings, one) for one in ours), Ours(settings)]


def _costs(row: Row, multiplied: float, wanted: Run, results: Results) -> list[Cost]:
    found = []
    for side_px in SIDES_PX:
        cost = known_cost(row, side_px, results)
        is_quick = multiplied * side_px**2 <= MOST_MULTIPLICATIONS
        can = is_quick and wanted.times and not wanted.is_over
        if cost is None and can:
            wanted.progress(f"timing {row.title} at {side_px} px")
            cost = measure_cost(row, side_px, results)
        found += [] if cost is None else [cost]
    return found


def _quality(
    wanted: Run, cases: Sequence[Case], methods: Sequence[Method], results: Results
) -> list[Measured]:
    measurer = Measurer(results, read=wanted.read)
    measured: list[Measured] = []
    for number, case in enumerate(cases, 1):
        if not wanted.is_over:
            wanted.progress(f"{number} of {len(cases)}: {case.set}, {case.name}, {case.regime}")
            measured += measurer.measure(case, methods)
    return measured


def _references(
    wanted: Run, cases: Sequence[Case], results: Results
) -> dict[str, dict[str, float]]:
    small = [case for case in cases if case.regime == "clean" and case.set in REFERENCE_SETS]
    small = [case for case in small if max(case.small.rgb.shape[:2]) <= MOST_SIDE_PX]
    pairs = list(pairwise([*small, *small[:1]])) if len(small) > 1 else []
    found: dict[str, dict[str, float]] = {}
    for row in ROWS.values():
        if row.has_reference and is_usable(row):
            each = [_with_references(row, *pair, wanted, results) for pair in pairs]
            known = [one for one in each if one is not None]
            if known:
                found[f"{row.title} ({len(known)} pictures)"] = {
                    kind: fmean(one[kind] for one in known) for kind in known[0]
                }
    return found


def _with_references(
    row: Row, case: Case, other: Case, wanted: Run, results: Results
) -> dict[str, float] | None:
    method = LineageMethod(Settings(), row)
    key = f"reference-{method.digest}-{case.digest}-{other.digest}"
    known = results.get(key)
    if known is None and not wanted.is_over:
        height, width = case.truth.shape[:2]
        beside: Picture = other.truth[:height, :width]
        known = dict(by_reference(row, case.small, case.truth, beside))
        results.put(key, known, {"row": row.name, "name": case.name})
    return known


def _drawn(wanted: Run, found: Found, cases: Sequence[Case], settings: Settings) -> Found:
    """Draw what there are figures for, where matplotlib is installed."""
    try:
        from worker.lab.lineage.report import drawing
    except ImportError:
        return found
    images = wanted.page.parent / "images"
    points = _points(found, drawing.Point)
    if points:
        title = f"{PLOTTED}, clean, ×4" if _plotted(found) == PLOTTED else _plotted(found)
        drawing.plot(points, title, images / PLOT)
        found = replace(found, plot=f"images/{PLOT}")
    picked = _picked(cases)
    if picked:
        strips = []
        for case in picked:
            window = drawing.window_of(case.truth)
            panels = [("truth", drawing.cut(case.truth, window))]
            panels += [
                (method.label, drawing.cut(method.enlarge(case.small, SCALE), window))
                for method in _methods(settings)
                if not isinstance(method, Ours)
            ]
            strips.append(drawing.Strip(f"{case.set}: {case.name}", panels))
        drawing.sheet(strips, images / SHEET)
        found = replace(found, sheet=f"images/{SHEET}")
    return found


def _picked(cases: Sequence[Case]) -> list[Case]:
    """Take some clean pictures of every set, the flat ones first."""
    by_set: dict[str, list[Case]] = {}
    for case in cases:
        if case.regime == "clean":
            by_set.setdefault(case.set, []).append(case)
    turns = [
        each[number]
        for number in range(SHEET_PICTURES)
        for each in by_set.values()
        if number < len(each)
    ]
    return turns[:SHEET_PICTURES]


def _plotted(found: Found) -> str:
    clean = [row.group.set for row in found.means if row.group.regime == "clean"]
    return PLOTTED if PLOTTED in clean else clean[0] if clean else ""


def _points(found: Found, point: Callable[[str, float, float, bool], T]) -> list[T]:
    gains = {
        row.method: row.figures["psnr_db"]
        for row in found.means
        if row.group.set == row.group.group == _plotted(found) and row.group.regime == "clean"
    }
    plain = gains.get(BICUBIC.label)
    made: list[T] = []
    for row in ROWS.values():
        costs = {cost.side_px: cost.ms for cost in found.costs.get(row.name, ())}
        if plain is not None and row.title in gains and 128 in costs:
            label = f"{row.title} {row.year}"
            made.append(point(label, costs[128], gains[row.title] - plain, False))
    return made
