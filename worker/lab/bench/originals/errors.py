"""The error table of the proof: how many true originals are taken, and how many false ones."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from crispdeck.picture.matching.jpeg_cells import read_tables
from crispdeck.picture.matching.proof import Proof, Refusal, prove
from worker.lab.bench.originals.pairs import Pictures, scene

LEAST_FOUND = 0.95  # share of true originals that must be taken; set by the aim, not measured


@dataclass(frozen=True)
class Judged:
    """What became of one scene's two candidates.

    Attributes:
        true, false: "taken", or why not.
    """

    name: str
    kind: str
    factor: float
    codec: str
    edit: str
    ways: tuple[str, ...]
    true: str
    false: str


def judge(data: Path | None, number: int, seed: int) -> Judged:
    """Make one scene and put both candidates to the proof."""
    cv2.setNumThreads(1)
    made = scene(Pictures.of(data), number, seed)
    with Image.open(io.BytesIO(made.small)) as file:
        small = np.asarray(file.convert("RGB"))
    tables = None if made.codec == "png" else read_tables(made.small)
    true, false = (
        _word(prove(small, np.asarray(each.convert("RGB")), tables))
        for each in (made.truth, made.edited)
    )
    return Judged(made.name, made.kind, made.factor, made.codec, made.edit, made.ways, true, false)


def _word(outcome: Proof | Refusal) -> str:
    return "taken" if isinstance(outcome, Proof) else outcome.value


def judge_all(
    data: Path | None, numbers: Iterable[int], seed: int, processes: int
) -> Iterator[Judged]:
    """Judge many scenes, in order."""
    if processes == 1:
        yield from (judge(data, number, seed) for number in numbers)
        return
    pool = ProcessPoolExecutor(processes)
    try:
        waiting = [pool.submit(judge, data, number, seed) for number in numbers]
        yield from (each.result() for each in waiting)
    finally:
        # Whoever stops the run shall not wait for scenes that nobody will see.
        pool.shutdown(wait=False, cancel_futures=True)


def read_kept(file: Path) -> dict[str, Judged]:
    """Read what was judged before, by the scene's name."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["name"]: Judged(**row | {"ways": tuple(row["ways"])}) for row in rows}


def keep(file: Path, one: Judged) -> None:
    """Add a judged scene to a file, so that a run that was stopped goes on where it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(one)) + "\n")


def table(judged: list[Judged]) -> Iterator[str]:
    """Yield the error table as Markdown, and what went wrong."""
    yield "| pairs | true taken | false taken |"
    yield "| --- | ---: | ---: |"
    for title, group in _groups(judged):
        taken = sum(one.true == "taken" for one in group)
        wrong = sum(one.false == "taken" for one in group)
        share = f"{taken} of {len(group)} ({100 * taken / len(group):.1f} %)"
        yield f"| {title} | {share} | {wrong} of {len(group)} |"
    refused = Counter(one.true for one in judged if one.true != "taken")
    yield f"\nTrue ones not taken: {dict(refused) or 'none'}."
    for one in judged:
        if one.false == "taken":
            yield f"FALSE TAKEN: {one}"


def _groups(judged: list[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    yield "all", judged
    for title, key in (
        ("factor and file", lambda one: f"×{one.factor:g}, {one.codec}"),
        ("picture", lambda one: one.kind),
        ("edit", lambda one: f"edit: {one.edit}"),
    ):
        groups: dict[str, list[Judged]] = defaultdict(list)
        for one in judged:
            groups[key(one)].append(one)
        del title
        yield from sorted(groups.items())
    ways: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for way in one.ways:
            ways[f"way: {way}"].append(one)
    yield from sorted(ways.items())
