"""Measure a scan against python-pptx merely opening the same deck: seconds and memory.

    crispdeck bench scan [DECK…]

Each measurement is a process of its own. Synthetic decks with growing media are always among
the decks; those named on the command line are added. Time is that of the call alone, the best of
several runs; memory is the process's peak, next to its peak before the call.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

RUNS = 9  # of each deck; the quickest counts, since all else is the machine's other work
SYNTHETIC_MB = (10, 50, 150)  # of media in a made deck; 150 is near the largest that is taken
PICTURES = 50  # of a made deck, one on each slide


@dataclass(frozen=True)
class Measurement:
    """One program on one deck."""

    seconds: float
    peak_mb: float
    base_mb: float
    """Peak before the call: interpreter and imports."""


def make_deck(path: Path, media_mb: int) -> None:
    """Write a deck of PICTURES slides whose pictures have media_mb in all, by python-pptx.

    The pictures are small PNGs with random bytes behind them, since only headers are looked at.
    """
    from PIL import Image
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for number in range(PICTURES):
        blob = BytesIO()
        Image.new("RGB", (640, 480), (number, 0, 0)).save(blob, "PNG")
        blob.seek(0)
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.shapes.add_picture(blob, Inches(1), Inches(1), width=Inches(8))
    small = BytesIO()
    deck.save(small)
    _pad_pictures(small, path, media_mb * 1_000_000 // PICTURES)


def _pad_pictures(small: BytesIO, path: Path, padding_bytes: int) -> None:
    with zipfile.ZipFile(small) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            is_picture = name.startswith("ppt/media/")
            blob = source.read(name) + (os.urandom(padding_bytes) if is_picture else b"")
            out.writestr(name, blob, zipfile.ZIP_DEFLATED)


def measure(program: str, path: Path) -> Measurement:
    """Run one program on one deck in a process of its own."""
    return Measurement(**json.loads(_run("--measure", program, str(path))))


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "worker.lab.bench.scan", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout


def _measure_here(program: str, path: Path) -> Measurement:
    programs = {"crispdeck": _crispdeck, "look": _crispdeck_look, "python-pptx": _python_pptx}
    run = programs[program]()
    base_mb = _peak_mb()
    seconds = [_seconds(run, path)]
    # One run only: packages hold themselves in cycles, and several would add up.
    peak_mb = _peak_mb()
    seconds += [_seconds(run, path) for _ in range(RUNS - 1)]
    return Measurement(seconds=min(seconds), peak_mb=peak_mb, base_mb=base_mb)


def _seconds(run: Callable[[Path], None], path: Path) -> float:
    gc.collect()
    started = time.perf_counter()
    run(path)
    return time.perf_counter() - started


def _crispdeck(*, true_size: bool = False) -> Callable[[Path], None]:
    from crispdeck.deck.opc.archive import open_deck
    from crispdeck.deck.scan import scan
    from crispdeck.deck.thresholds import ScanOptions

    def run(path: Path) -> None:
        with open_deck(path) as deck:
            scan(deck, ScanOptions(true_size=true_size))

    return run


def _crispdeck_look() -> Callable[[Path], None]:
    """Scan as people do: pictures that may have been enlarged are looked at."""
    return _crispdeck(true_size=True)


def _python_pptx() -> Callable[[Path], None]:
    # What Presentation() does before it looks at the content type and refuses .ppsx and .potx.
    from pptx.package import Package

    def run(path: Path) -> None:
        Package.open(str(path))

    return run


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows(paths: Iterable[Path]) -> Iterable[str]:
    """Yield the table's lines, one deck each."""
    yield "| deck | MB | scan s | open s | faster by | look s | scan peak MB | open peak MB |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for path in paths:
        ours, theirs = measure("crispdeck", path), measure("python-pptx", path)
        with_true_sizes = measure("look", path)
        yield (
            f"| {path.name} | {path.stat().st_size / 1e6:.1f} | {ours.seconds:.4f} "
            f"| {theirs.seconds:.4f} | ×{theirs.seconds / ours.seconds:.1f} "
            f"| {with_true_sizes.seconds:.4f} "
            f"| {ours.peak_mb:.1f} (+{ours.peak_mb - ours.base_mb:.1f}) "
            f"| {theirs.peak_mb:.1f} (+{theirs.peak_mb - theirs.base_mb:.1f}) |"
        )


def table(decks: Iterable[Path]) -> Iterable[str]:
    """Yield the table's lines: decks made here with growing media, then `decks`."""
    with tempfile.TemporaryDirectory() as folder:
        decks_made = [Path(folder) / f"media-{media_mb}-mb.pptx" for media_mb in SYNTHETIC_MB]
        for path, media_mb in zip(decks_made, SYNTHETIC_MB, strict=True):
            # Not here: a child starts with its parent's peak, and would show nothing of its own.
            _run("--make", str(path), str(media_mb))
        yield from rows([*decks_made, *decks])


def _child(arguments: list[str]) -> None:
    """Do one thing in a process of its own: print a measurement as JSON, or write a deck."""
    if arguments[0] == "--make":
        make_deck(Path(arguments[1]), int(arguments[2]))
    else:
        sys.stdout.write(json.dumps(vars(_measure_here(arguments[1], Path(arguments[2])))))


if __name__ == "__main__":
    _child(sys.argv[1:])
