"""`crispdeck bench report`, `quality` and `speed`: the networks beside the alternatives."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.markdown import Markdown
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from crispdeck.cli.console import messages, results
from crispdeck.settings import Settings

if TYPE_CHECKING:
    from worker.lab.bench.measuring import Measured
    from worker.lab.bench.peers import Peers
    from worker.lab.bench.speed import Timing
    from worker.lab.bench.tables import Row

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SETS = ("Set5", "Set14", "BSD100", "decks", "guard", "validation")
_IN_A_CHECKOUT = Path("..") / "shared" / "data"


def default_data() -> Path | None:
    """Name the folder of test data beside the checkout, if there is one."""
    folder = Path(os.environ.get("SHARED_DATA", _IN_A_CHECKOUT))
    return folder if folder.is_dir() else None


def _common(function: Function) -> Function:
    for option in (
        click.option(
            "-o",
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("bench-results"),
            show_default=True,
            help="Folder for tables, plots and the figures kept from run to run.",
        ),
        click.option("--dtype", type=click.Choice(["auto", "float32", "bfloat16"])),
        click.option("--threads", type=click.IntRange(1), help="CPU threads of every method."),
        click.option(
            "--scale",
            "scales",
            multiple=True,
            type=click.Choice(["2", "4"]),
            help="Only this scale; both without it.",
        ),
        click.option(
            "--peers",
            "peer_folders",
            multiple=True,
            type=FOLDER,
            help="Folder with other people's weights: ncnn .param/.bin, or published PyTorch code"
            " with its weights. The code is run: name only what you trust.",
        ),
    ):
        function = option(function)
    return function


def _pictures(function: Function) -> Function:
    for option in (
        click.option(
            "--crispness",
            "crispnesses",
            multiple=True,
            type=click.FloatRange(0, 1, min_open=True),
            help="Measure Crispdeck with this crispness too.",
        ),
        click.option("--no-ocr", is_flag=True, help="Read no words, even where tesseract is."),
        click.option(
            "--limit", type=click.IntRange(1), help="At most so many pictures of each set or class."
        ),
        click.option(
            "--set",
            "sets",
            multiple=True,
            help=f"Only these sets: {', '.join(_SETS)}, a folder's name.",
        ),
        click.option(
            "--validation",
            type=FOLDER,
            help="The project's own validation set, with its manifest.",
        ),
        click.option(
            "--data",
            type=FOLDER,
            help="Folder with test/Set5, Set14, BSD100 and decks/talks"
            " [$SHARED_DATA or ../shared/data].",
        ),
    ):
        function = option(function)
    return click.argument("folders", nargs=-1, type=FOLDER)(function)


def _times(function: Function) -> Function:
    for option in (
        click.option(
            "--side",
            "sides_px",
            multiple=True,
            type=click.IntRange(8),
            help="Pixels a side of the pictures to time with [64 128 200 512].",
        ),
        click.option(
            "--rounds",
            type=click.IntRange(1),
            default=9,
            show_default=True,
            help="Turns of every method at every size.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True)
class _Run:
    """What the options of all three commands come to."""

    settings: Settings
    out: Path
    scales: tuple[int, ...]
    peers: "Peers"

    @property
    def heading(self) -> str:
        from worker.lab.bench.machine import this_machine

        return f"{this_machine()}; body in {self.settings.dtype}."


def _prepared(options: dict[str, Any]) -> _Run:
    import torch

    from worker.lab.bench.peers import Peers, find_peers

    threads = options["threads"] or 0
    if threads:
        torch.set_num_threads(threads)
    settings = Settings.from_env()
    settings = replace(
        settings,
        dtype=options["dtype"] or settings.dtype,
        torch_threads=threads or settings.torch_threads,
    )
    peers = Peers()
    for folder in options["peer_folders"]:
        found = find_peers(folder, threads=threads)
        peers.methods.extend(found.methods)
        peers.left_out.update(found.left_out)
    for name, why in peers.left_out.items():
        messages().print(f"left out {name}: {why}", markup=False)
    out: Path = options["out"]
    out.mkdir(parents=True, exist_ok=True)
    return _Run(settings, out, tuple(int(one) for one in options["scales"]) or (4, 2), peers)


@click.command
@_pictures
@_common
def quality(**options: Any) -> None:
    """Measure how true, how crisp and how readable enlarged pictures are.

    On the test pictures of --data, flat pictures out of its talks, its guard set (what is apt to
    come out worse than by interpolation), the set of --validation, and
    the large pictures in FOLDERS: PSNR, SSIM, GMSD, edge width, line weight, local contrast, OCR
    agreement. Clean, and as JPEG 75. Writes quality.md and quality.json.
    """
    run = _prepared(options)
    found = _quality(run, options)
    if found:
        _show(run.out / "quality.md")


@click.command
@_times
@_common
def speed(rounds: int, sides_px: tuple[int, ...], **options: Any) -> None:
    """Measure milliseconds from pixels to pixels, all methods in turns.

    On the CPU, and on CUDA where there is one. Writes speed.md and speed.json.
    """
    run = _prepared(options)
    _speed(run, rounds, sides_px)
    _show(run.out / "speed.md")


@click.command
@click.option(
    "--card",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Put the tables into this model card too (docs/model-card.md).",
)
@_times
@_pictures
@_common
def report(card: Path | None, rounds: int, sides_px: tuple[int, ...], **options: Any) -> None:
    """Measure quality and speed in one run; write tables (Markdown, JSON) and plots."""
    from worker.lab.bench.card import fill
    from worker.lab.bench.harm import harm
    from worker.lab.bench.tables import rows

    run = _prepared(options)
    heading = run.heading
    found = _quality(run, options)
    timings = _speed(run, rounds, sides_px)
    means = rows(found)
    _plot(run, means, timings)
    if card is not None:
        fill(card, means, timings, heading, harm(found))
    _show(*(run.out / name for name in ("quality.md", "speed.md") if (run.out / name).exists()))


def _quality(run: _Run, options: dict[str, Any]) -> "list[Measured]":
    from worker.lab.bench import quality as bench
    from worker.lab.bench.results import Results
    from worker.lab.metrics.ocr import tesseract_version

    data = options["data"] or default_data()
    if not (data or options["validation"] or options["folders"]):
        messages().print("No pictures named and no test data beside the checkout: no quality.")
        return []
    if tesseract_version() is None and not options["no_ocr"]:
        messages().print(
            "tesseract is not installed: no words are read (apt install tesseract-ocr)"
        )
    pictures = bench.Pictures(
        data=data,
        validation=options["validation"],
        folders=options["folders"],
        sets=frozenset(options["sets"]),
        scales=run.scales,
        limit=options["limit"],
    )
    heading = run.heading
    with showing_progress() as progress:
        found = bench.measure(
            pictures,
            run.settings,
            run.peers,
            Results(run.out / bench.RESULTS),
            read=not options["no_ocr"],
            crispnesses=options["crispnesses"],
            progress=progress,
        )
    bench.write(found, run.out, heading)
    return found


def _speed(run: _Run, rounds: int, sides_px: tuple[int, ...]) -> "list[Timing]":
    from worker.lab.bench import speed as bench
    from worker.lab.bench.methods import methods_for_speed

    heading = run.heading
    timings = []
    with showing_progress() as progress:
        for scale in run.scales:
            methods = methods_for_speed(scale, run.settings, run.peers.at(scale))
            timings += bench.time_methods(
                methods,
                scale,
                sides_px=sides_px or bench.SIDES_PX,
                rounds=rounds,
                progress=progress,
            )
    bench.write(timings, run.out, heading)
    return timings


def _plot(run: _Run, found: "list[Row]", timings: "list[Timing]") -> None:
    try:
        from worker.lab.bench.plots import draw
    except ImportError:
        messages().print("matplotlib is not installed: no plots (pip install 'crispdeck[bench]')")
        return
    draw(found, timings, run.out)


def _show(*pages: Path) -> None:
    console = results()
    for page in pages:
        console.print(Markdown(page.read_text(encoding="utf-8")))
    messages().print("Written: " + ", ".join(map(str, pages)), markup=False)


@contextmanager
def showing_progress() -> Iterator[Callable[[str], None]]:
    """Tell on the terminal what is in work."""
    console = messages()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda words: bar.update(task, description=words)
