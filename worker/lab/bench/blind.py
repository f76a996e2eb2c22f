"""Pairs of enlarged pictures to be judged by eyes that do not know which is whose.

The sheet shows numbers and nothing else; which side is whose lies in a file apart. Sides are drawn
by lot, seeded by the pictures and methods themselves: the same sheet comes out again.
"""

import csv
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from crispdeck.errors import BadInputError
from worker.lab.bench.cases import Case
from worker.lab.bench.deck_pictures import fullest_window
from worker.lab.bench.methods import Method
from worker.lab.metrics import Picture

PANEL_PX = (440, 320)
"""The part of each enlarged picture that is shown, pixel for pixel, where most happens."""
GAP_PX, NUMBER_PX = 14, 48  # chosen by eye
PAIRS_A_SHEET = 6  # as many as a screen shows
INK, PAPER = "#1f2937", "#d1d5db"
KEY_NAME = "key.json"
SIDES = ("left", "right")
EQUAL = "equal"
Z_95 = 1.96
"""Standard deviations to either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Pair:
    """One picture enlarged by two methods, as it lies on a sheet.

    Attributes:
        number: on the sheet, from 1.
        group: class of the picture, by which answers are counted.
        left, right: the methods' labels.
    """

    number: int
    group: str
    name: str
    left: str
    right: str
    panels: tuple[Picture, Picture] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Preference:
    """How often one method was preferred: an answer of EQUAL counts half.

    Attributes:
        low, high: the 95 % interval of the share (E. B. Wilson, JASA 1927).
    """

    group: str
    answers: int
    share: float
    low: float
    high: float


def pairs(cases: Iterable[Case], methods: tuple[Method, Method], seed: int = 1) -> Iterator[Pair]:
    """Enlarge every case by both methods; which stands left is drawn by lot."""
    for number, case in enumerate(cases, 1):
        rng = random.Random(f"{seed} {case.digest}")  # noqa: S311
        left, right = rng.sample(methods, 2)
        enlarged = [method.enlarge(case.small, case.scale) for method in (left, right)]
        part = fullest_window(case.truth, *reversed(PANEL_PX))
        yield Pair(
            number=number,
            group=case.group,
            name=f"{case.name} ×{case.scale} {case.regime}",
            left=left.label,
            right=right.label,
            panels=(enlarged[0][part.rows, part.columns], enlarged[1][part.rows, part.columns]),
        )


def draw(some: Sequence[Pair]) -> Image.Image:
    """Draw pairs below each other; no word of what they are."""
    width_px = NUMBER_PX + 2 * (PANEL_PX[0] + GAP_PX)
    height_px = GAP_PX + sum(pair.panels[0].shape[0] + GAP_PX for pair in some)
    sheet = Image.new("RGB", (width_px, height_px), PAPER)
    pen, top = ImageDraw.Draw(sheet), GAP_PX
    for pair in some:
        pen.text((10, top), str(pair.number), fill=INK, font=ImageFont.load_default(20))
        for column, panel in enumerate(pair.panels):
            left_px = NUMBER_PX + column * (PANEL_PX[0] + GAP_PX)
            sheet.paste(Image.fromarray(panel), (left_px, top))
        top += pair.panels[0].shape[0] + GAP_PX
    return sheet


def write(found: Sequence[Pair], sheets: Path, key: Path) -> list[Path]:
    """Write sheets of PAIRS_A_SHEET pairs to one folder and the key to another.

    Raises:
        BadInputError: both are the same folder.
    """
    if sheets.resolve() == key.resolve():
        raise BadInputError("Sheets and key must lie apart: whoever judges sees only the sheets.")
    sheets.mkdir(parents=True, exist_ok=True)
    key.mkdir(parents=True, exist_ok=True)
    written = []
    for start in range(0, len(found), PAIRS_A_SHEET):
        path = sheets / f"sheet-{start // PAIRS_A_SHEET + 1:02}.png"
        draw(found[start : start + PAIRS_A_SHEET]).save(path, optimize=True)
        written.append(path)
    lines = [
        {name: value for name, value in asdict(pair).items() if name != "panels"} for pair in found
    ]
    (key / KEY_NAME).write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n")
    return written


def count(key: Path, answers: Path, method: str) -> list[Preference]:
    """Count how often `method` was preferred, by class and in all.

    Args:
        key: the folder with the key.
        answers: a table with the columns `number` and `better`: left, right or equal.
        method: its label.

    Raises:
        BadInputError: the table does not belong to the key, or `method` was not shown.
    """
    shown = {line["number"]: line for line in json.loads((key / KEY_NAME).read_text())}
    points: dict[str, list[float]] = defaultdict(list)
    with answers.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = shown.get(int(row.get("number") or 0))
            better = (row.get("better") or "").strip().lower()
            if pair is None or better not in (*SIDES, EQUAL):
                raise BadInputError(
                    f"{answers} has a line that is no answer to a pair of the key: {row}."
                    f" Columns are number and better ({', '.join(SIDES)} or {EQUAL})."
                )
            if method not in (pair["left"], pair["right"]):
                raise BadInputError(f"{method} was not shown in pair {pair['number']}.")
            point = 0.5 if better == EQUAL else float(pair[better] == method)
            points[pair["group"]].append(point)
            points["all"].append(point)
    if not points:
        raise BadInputError(f"{answers} holds no answers.")
    groups = sorted(points, key=lambda group: (group == "all", group))
    return [_preference(group, points[group]) for group in groups]


def _preference(group: str, points: Sequence[float]) -> Preference:
    many = len(points)
    share = sum(points) / many
    middle = (share + Z_95**2 / (2 * many)) / (1 + Z_95**2 / many)
    spread = share * (1 - share) / many + Z_95**2 / (4 * many**2)
    reach = Z_95 / (1 + Z_95**2 / many) * math.sqrt(spread)
    return Preference(group, many, share, max(0.0, middle - reach), min(1.0, middle + reach))


def markdown(found: Sequence[Preference], method: str) -> str:
    """Write a table with a line per class."""
    lines = [
        f"| class | answers | {method} preferred | 95 % interval |",
        "| --- | ---: | ---: | --- |",
        *(
            f"| {one.group} | {one.answers} | {one.share:.0%} | {one.low:.0%} to {one.high:.0%} |"
            for one in found
        ),
    ]
    return "\n".join(lines) + "\n"
