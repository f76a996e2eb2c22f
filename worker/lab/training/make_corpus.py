"""Builds the corpus part by part; a second call goes on where the first was stopped.

python -m worker.lab.training.make_corpus --photos FOLDER --graphics FOLDER --out FOLDER

Pages are drawn by Chromium in the typefaces of the Debian packages that --packages lists.
"""

import argparse
import fcntl
import functools
import json
import logging
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from crispdeck.errors import BadInputError
from worker.lab.training.corpus import INDEX_NAME, Corpus, PartWriter, finished_parts
from worker.lab.training.families import Families
from worker.lab.training.renders import fonts
from worker.lab.training.renders.pages import PAGES_A_PART, write_pages
from worker.lab.training.renders.slides import SLIDES_A_PART, write_slides
from worker.lab.training.renders.tools import chromium, require_slide_programs
from worker.lab.training.sources import raster_names, svg_names, write_graphics, write_photos

logger = logging.getLogger(__name__)

FILES_A_PART = 140  # so that a stopped build loses minutes; a guess
VERSION = 4  # of the recipe: a folder begun with another one is refused
_GROWING = ("pages", "slides")
_FOLDERS = ("photos", "graphics")


@dataclass(frozen=True)
class Recipe:
    """All that decides what is in a corpus.

    More pages or slides than before leave the parts that are there as they are.
    """

    photos: str
    graphics: str
    seed: int
    pages: int
    slides: int
    version: int = VERSION


def build_corpus(
    folder: Path,
    photos: Path,
    graphics: Path,
    *,
    pages: int,
    slides: int = 0,
    seed: int,
    jobs: int = 1,
) -> Corpus:
    """Decode `photos` and `graphics`, draw pages and slides; what is there already stays.

    Raises:
        BadInputError: there is nothing to train on, what draws pages or slides is missing, or
            `folder` holds parts of another corpus.
    """
    for source in (photos, graphics):
        if not source.is_dir():
            raise BadInputError(f"There is no folder {source}.")
    recipe = Recipe(str(photos), str(graphics), seed, pages, slides)
    folder.mkdir(parents=True, exist_ok=True)
    parts = _parts(recipe)
    with _alone(folder):
        _refuse_to_replace(folder, recipe)
        index = {"recipe": asdict(recipe), "parts": list(parts)}
        (folder / INDEX_NAME).write_text(json.dumps(index))
        done = finished_parts(folder)
        todo = {name: write for name, write in parts.items() if name not in done}
        _require_programs(todo)
        for count, name in enumerate(_built(folder, todo, jobs), 1):
            logger.info("corpus: %s is made, %d parts to go", name, len(todo) - count)
    corpus = Corpus(folder)
    if not corpus.entries:
        raise BadInputError(f"There are no pictures to train on in {photos} and {graphics}.")
    return corpus


def _require_programs(todo: Iterable[str]) -> None:
    """Fail before the work, not in the middle of it."""
    kinds = {name.split("-")[0] for name in todo}
    if "pages" in kinds:
        chromium()
    if "slides" in kinds:
        require_slide_programs()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process builds here; a killed one leaves nothing behind."""
    with (folder / "building.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.info("corpus: another process builds in %s; waiting for it", folder)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refuse_to_replace(folder: Path, recipe: Recipe) -> None:
    """Keep the parts of a corpus whose parts of the same names would come out otherwise.

    Hours went into them, and a slip in a path or a seed is no wish to lose them.

    Raises:
        BadInputError: there are such parts.
    """
    parts, index = finished_parts(folder), folder / INDEX_NAME
    if not parts:
        return
    old: dict[str, object] = json.loads(index.read_text())["recipe"] if index.exists() else {}
    differs = [
        f"{name} {old.get(name, 'unknown')}, not {value}"
        for name, value in asdict(recipe).items()
        if name not in _GROWING and not _same(name, old.get(name), value)
    ]
    if differs:
        raise BadInputError(
            f"{folder} holds {len(parts)} parts of another corpus ({'; '.join(differs)})."
            " Name another folder, or delete this one first."
        )


def _same(name: str, old: object, new: object) -> bool:
    """Compare one line of two recipes; a folder is the same by whatever way it is named."""
    if name in _FOLDERS and isinstance(old, str):
        return Path(old).resolve() == Path(str(new)).resolve()
    return old == new


Write = Callable[[PartWriter], None]


def _parts(recipe: Recipe) -> dict[str, Write]:
    """Name each part and what fills it; what trains soonest comes first."""
    photos, graphics = Path(recipe.photos), Path(recipe.graphics)
    parts: dict[str, Write] = {}
    for at, names in _chunks(raster_names(photos), FILES_A_PART):
        parts[f"photos-{at:03}"] = functools.partial(write_photos, folder=photos, names=names)
    for at, names in _chunks(raster_names(graphics) + svg_names(graphics), FILES_A_PART):
        parts[f"graphics-{at:03}"] = functools.partial(
            write_graphics, folder=graphics, names=names, seed=recipe.seed
        )
    for at in range(0, recipe.slides, SLIDES_A_PART):
        numbers = range(at, min(at + SLIDES_A_PART, recipe.slides))
        parts[f"slides-{at:04}-{numbers.stop:04}"] = functools.partial(
            write_slides, numbers=numbers, seed=recipe.seed
        )
    families = Families(graphics)
    drawings = [graphics / name for name in svg_names(graphics)]
    training = [path for path in drawings if not families.held_back(path.name)]
    measuring = [path for path in drawings if families.held_back(path.name)]
    for at in range(0, recipe.pages, PAGES_A_PART):
        numbers = range(at, min(at + PAGES_A_PART, recipe.pages))
        parts[f"pages-{at:04}-{numbers.stop:04}"] = functools.partial(
            write_pages, numbers=numbers, seed=recipe.seed, training=training, measuring=measuring
        )
    return parts


def _chunks(names: Sequence[str], size: int) -> Iterator[tuple[int, list[str]]]:
    for at in range(0, len(names), size):
        yield at, list(names[at : at + size])


def _built(folder: Path, parts: dict[str, Write], jobs: int) -> Iterator[str]:
    if jobs == 1:
        for name, write in parts.items():
            yield _build(folder, name, write)
        return
    # A browser and a fork of a process with threads do not go together.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running = [pool.submit(_build, folder, name, write) for name, write in parts.items()]
        for future in as_completed(running):
            yield future.result()


def _build(folder: Path, name: str, write: Write) -> str:
    with PartWriter(folder, name) as writer:
        write(writer)
    return name


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.lab.training.make_corpus",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--packages", action="store_true", help="list the Debian packages of typefaces and stop")
    add("--photos", type=Path, help="folder of photographs")
    add("--graphics", type=Path, help="folder of drawings, raster or SVG")
    add("--out", type=Path, help="folder for the corpus; about 4 GB by default")
    add("--pages", type=int, default=312, help="pages to draw in Chromium (default: 312)")
    add("--slides", type=int, default=48, help="slides to draw in LibreOffice (default: 48)")
    add("--seed", type=int, default=1)
    add("--jobs", type=int, default=2, help="parts made at a time (default: 2)")
    options = parser.parse_args(arguments)
    if options.packages:
        sys.stdout.write(" ".join(fonts.PACKAGES) + "\n")
        return
    if not (options.photos and options.graphics and options.out):
        parser.error("--photos, --graphics and --out are required")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if lacking := fonts.missing():
        logger.warning(
            "typefaces are missing (%s), so other pages are drawn than elsewhere; "
            "apt-get install $(python -m worker.lab.training.make_corpus --packages)",
            ", ".join(lacking),
        )
    try:
        corpus = build_corpus(
            options.out,
            options.photos,
            options.graphics,
            pages=options.pages,
            slides=options.slides,
            seed=options.seed,
            jobs=options.jobs,
        )
    except BadInputError as error:
        parser.exit(1, f"{error}\n")
    logger.info("%d pictures, %d pairs", len(corpus.entries), len(corpus.pairs))


if __name__ == "__main__":
    main()
