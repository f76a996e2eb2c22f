"""Size and speed of the library's index with very many pictures; their fingerprints are drawn.

Words and frames are uniformly random, as those of unrelated photographs nearly are; drawings of few
shapes share words, which the index then leaves out as common. What is asked for is a picture of the
library with a fifth of its bits of the frame's hash and half of its words otherwise.
"""

import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crispdeck.picture.matching.fingerprint import WORDS
from crispdeck.picture.matching.marks import BANDS, WORD_BITS, near_bands
from crispdeck.records.database import Database
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.library import NewLibraryPicture, add_to_library, find_in_library

_PROBES = 8  # words that are asked for in place of one: three uncertain bits
_FEATURES = 96  # of the picture that asks
_CHANGED_BITS = 5  # of its frame's 64


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Attributes:
        add_ms: for one picture, in portions of 500.
        ask_ms: of each question, sorted.
        found: share of the questions whose picture came back.
    """

    pictures: int
    size_bytes: int
    add_ms: float
    ask_ms: tuple[float, ...]
    found: float
    memory_bytes: int

    def quantile_ms(self, share: float) -> float:
        """Return how long so many of the questions took at most."""
        return self.ask_ms[min(len(self.ask_ms) - 1, int(share * len(self.ask_ms)))]


def measure(folder: Path, pictures: int, questions: int) -> Figures:
    """Fill an SQLite database in `folder` and ask it."""
    file = folder / "library.db"
    db = Database(f"sqlite:///{file}")
    db.migrate()
    tenant_id = create_tenant(db, "bench")
    started = time.perf_counter()
    add_to_library(db, tenant_id, (_drawn(number) for number in range(pictures)))
    add_ms = 1000 * (time.perf_counter() - started) / pictures
    asked, hits = [], 0
    rng = random.Random(1)  # noqa: S311 - the same questions each time
    for _ in range(questions):
        number = rng.randrange(pictures)
        bands, words = _question(_drawn(number), rng)
        started = time.perf_counter()
        found = find_in_library(db, tenant_id, bands, words)
        asked.append(1000 * (time.perf_counter() - started))
        best = max(found, key=lambda one: one.shared, default=None)
        hits += best is not None and best.picture.name == str(number)
    db.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = sum(each.stat().st_size for each in folder.glob("library.db*"))
    return Figures(pictures, size, add_ms, tuple(sorted(asked)), hits / questions, memory)


def _drawn(number: int) -> NewLibraryPicture:
    rng = random.Random(number)  # noqa: S311 - the same picture each time
    frame = rng.getrandbits(64)
    return NewLibraryPicture(
        sha256=f"{number:064x}",
        name=str(number),
        place=f"file:///srv/library/{number}.png",
        added_by="bench",
        width_px=1600,
        height_px=1200,
        frame=frame,
        words=[rng.getrandbits(WORD_BITS) for _ in range(WORDS)],
    )


def _question(
    picture: NewLibraryPicture, rng: random.Random
) -> tuple[list[tuple[int, int]], list[list[int]]]:
    frame = picture.frame
    for bit in rng.sample(range(64), _CHANGED_BITS):
        frame ^= 1 << bit
    bands = near_bands(frame)
    for _ in range(7):  # the other turns
        bands += [(at, rng.getrandbits(16)) for at in range(BANDS)]
    kept = rng.sample(list(picture.words), WORDS // 2)
    own = [*kept, *(rng.getrandbits(WORD_BITS) for _ in range(_FEATURES - len(kept)))]
    return bands, [
        [word, *(rng.getrandbits(WORD_BITS) for _ in range(_PROBES - 1))] for word in own
    ]


def table(rows: list[Figures]) -> Iterator[str]:
    """Yield the figures as Markdown."""
    yield "| pictures | on disk | add | ask p50 | p99 | found | process |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in rows:
        yield (
            f"| {one.pictures:,} | {one.size_bytes / 1e6:.0f} MB | {one.add_ms:.2f} ms"
            f" | {one.quantile_ms(0.5):.1f} ms | {one.quantile_ms(0.99):.1f} ms"
            f" | {100 * one.found:.0f} % | {one.memory_bytes / 1e6:.0f} MB |"
        )
