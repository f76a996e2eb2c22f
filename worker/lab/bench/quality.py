"""How true, how crisp and how readable: ours, interpolation and peers on the same pictures."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from crispdeck.errors import BadInputError
from crispdeck.settings import Settings
from worker.lab.bench import harm
from worker.lab.bench.cases import Case, data_cases, degraded_cases, folder_truths, validation_cases
from worker.lab.bench.measuring import Measured, Measurer
from worker.lab.bench.methods import BICUBIC, LANCZOS, SCALES, Method, our_methods
from worker.lab.bench.peers import Peers
from worker.lab.bench.results import Results
from worker.lab.bench.tables import METRICS, as_json, markdown, rows

RESULTS = "results.jsonl"


@dataclass(frozen=True)
class Pictures:
    """Which pictures to measure on.

    Attributes:
        data: folder with test/Set5 … and decks/talks; None leaves these sets out.
        validation: folder of the project's own validation set.
        folders: more folders of large pictures.
        sets: names of sets to keep; empty keeps all.
        limit: at most so many pictures of each set (of each class of the validation set).
    """

    data: Path | None = None
    validation: Path | None = None
    folders: Sequence[Path] = ()
    sets: frozenset[str] = frozenset()
    scales: Sequence[int] = SCALES
    limit: int | None = None

    def cases(self) -> Iterator[Case]:
        """Yield them one by one.

        Raises:
            BadInputError: a folder is not what it should be, or there is nothing to measure.
        """
        sources: list[Iterable[Case]] = [
            degraded_cases(
                folder.name, folder_truths(folder, self.limit), scales=self.scales, reads=True
            )
            for folder in self.folders
        ]
        if self.data is not None:
            sources.append(data_cases(self.data, self.scales, self.limit))
        if self.validation is not None:
            sources.append(validation_cases(self.validation, self.scales, self.limit))
        found = False
        for case in chain.from_iterable(sources):
            if not self.sets or case.set in self.sets:
                found = True
                yield case
        if not found:
            raise BadInputError(
                "There are no pictures to measure on: name a folder of large pictures, or the"
                " test data with --data."
            )


def methods_at(
    scale: int, settings: Settings, peers: Peers, crispnesses: Sequence[float] = ()
) -> list[Method]:
    """Return all that can enlarge by `scale`: interpolation, ours, peers."""
    ours = our_methods(settings, scale, crispnesses)
    return [BICUBIC, LANCZOS, *ours, *peers.at(scale)]


def measure(
    pictures: Pictures,
    settings: Settings,
    peers: Peers,
    results: Results,
    *,
    read: bool = True,
    crispnesses: Sequence[float] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> list[Measured]:
    """Measure what `results` does not hold yet; return the figures of all.

    `tell` hears which picture is next.
    """
    by_scale = {scale: methods_at(scale, settings, peers, crispnesses) for scale in pictures.scales}
    measurer = Measurer(results, read=read)
    measured: list[Measured] = []
    for number, case in enumerate(pictures.cases(), 1):
        progress(f"{number}: {case.set}, {case.name}, ×{case.scale} {case.regime}")
        measured += measurer.measure(case, by_scale[case.scale])
    return measured


def write(measured: Sequence[Measured], out: Path, heading: str) -> None:
    """Write quality.md and quality.json into the folder `out`."""
    found, harms = rows(measured), harm.harm(measured)
    head = f"# Quality beside the alternatives\n\n{heading}\n\n"
    text = head + harm.markdown(harms) + markdown(found)
    (out / "quality.md").write_text(text, encoding="utf-8")
    meanings = {metric.name: f"{metric.title}: {metric.meaning}" for metric in METRICS}
    document = {"about": heading, "figures": meanings, "rows": as_json(found)}
    document["harm"] = [asdict(one) for one in harms]
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (out / "quality.json").write_text(text + "\n", encoding="utf-8")
