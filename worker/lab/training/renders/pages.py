"""Pages drawn small and sharp, and the windows of them that are pairs."""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worker.lab.training.corpus import PartWriter
from worker.lab.training.renders.browser import FINE, SMALL_SCREENS, Browser, Screen, started
from worker.lab.training.renders.pen import Pen, document, style_of
from worker.lab.training.renders.registration import Box, Registration, cut
from worker.lab.training.renders.templates import HELD_OUT, TRAINING, Template

Array = NDArray[np.uint8]
Levels = tuple[Array, Array, Array]
Shift = tuple[int, int] | None

PAGES_A_PART = 24  # so that a stopped build loses minutes; a guess
WINDOW_PX = 96  # side, in small pixels: room for a crop of 64 at any shift
WINDOWS_A_PAGE = 8  # kept of one page, so that no page is the corpus; a guess
WHOLES_A_PAGE = 14  # of its icons and formulas, each with its own borders; a guess
# Levels (0..255) of standard deviation that a window must have: ground alone teaches little.
LIVELY_WINDOW_LEVELS = 12.0
# One page in so many is of a kind, and in a typeface, that training never sees.
HELD_BACK_ONE_IN = 24
# Of so many pages one is kept whole as a fine screen shows it; each is kept as a small one does.
FINE_PAGES_ONE_IN = 3


@dataclass(frozen=True)
class Page:
    """One page to draw: its markup, and what it is of."""

    name: str
    html: str
    held_back: bool


def make_page(number: int, seed: int, training: Sequence[Path], measuring: Sequence[Path]) -> Page:
    """Write the page with this number; the same number, seed and drawings give the same page."""
    rng = random.Random(f"page {seed} {number}")  # noqa: S311
    held_back = number % HELD_BACK_ONE_IN == HELD_BACK_ONE_IN - 1
    if held_back:
        kind = rng.choice(sorted(HELD_OUT))
        template: Template = HELD_OUT[kind][0]
    else:
        weights = [weight for _, weight in TRAINING.values()]
        (kind,) = rng.choices(list(TRAINING), weights)
        template = TRAINING[kind][0]
    style = style_of(rng, held_out=held_back)
    body = template(Pen(rng, style, measuring if held_back else training))
    return Page(f"{kind}-{number}", document(style, body), held_back)


def write_pages(
    writer: PartWriter,
    numbers: range,
    seed: int,
    training: Sequence[Path],
    measuring: Sequence[Path],
) -> None:
    """Draw the pages with these numbers; half of them on each of two small screens."""
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        fine = stack.enter_context(started(playwright, FINE))
        smalls = [stack.enter_context(started(playwright, s)) for s in screens_of(numbers)]
        for number in numbers:
            page = make_page(number, seed, training, measuring)
            _write_page(writer, page, number, fine, smalls[number % len(smalls)])


def screens_of(numbers: range) -> tuple[Screen, Screen]:
    """Choose the small screens of a part: two after two, so that all get their turn."""
    first = 2 * (numbers.start // max(1, len(numbers)))
    return (
        SMALL_SCREENS[first % len(SMALL_SCREENS)],
        SMALL_SCREENS[(first + 1) % len(SMALL_SCREENS)],
    )


def _write_page(writer: PartWriter, page: Page, number: int, fine: Browser, small: Browser) -> None:
    once = np.asarray(small.draw(page.html, 1))
    wholes = small.boxes(page.html, ".whole")
    twice, fourfold = (np.asarray(fine.draw(page.html, scale)) for scale in (2, 4))
    writer.add(page.name, "screen", once, held_back=page.held_back)
    if number % FINE_PAGES_ONE_IN == 0:
        writer.add(page.name, "screen", twice, held_back=page.held_back)
    rng = random.Random(page.name)  # noqa: S311
    for levels in good_windows(once, twice, fourfold, wholes, rng):
        writer.add_pair(page.name, levels, held_back=page.held_back)


def good_windows(
    once: Array,
    twice: Array,
    fourfold: Array,
    wholes: Sequence[Box],
    rng: random.Random,
    *,
    most: int = WINDOWS_A_PAGE,
) -> Iterator[Levels]:
    """Cut up to `most` windows out of a page drawn at 1, 2 and 4, where all three agree.

    `wholes` are small pictures on the page, each a window of its own borders; WHOLES_A_PAGE of
    them come on top.
    """
    at_two, at_four = Registration(once, twice), Registration(once, fourfold)
    height, width = once.shape[:2]
    grid = [
        Box(left, top, WINDOW_PX, WINDOW_PX)
        for top in range(0, height - WINDOW_PX + 1, WINDOW_PX)
        for left in range(0, width - WINDOW_PX + 1, WINDOW_PX)
    ]
    for boxes, count in ((grid, most), (list(wholes), WHOLES_A_PAGE)):
        rng.shuffle(boxes)
        lively = (box for box in boxes if at_four.deviation(box) > LIVELY_WINDOW_LEVELS)
        pairs = (
            window_of(once, twice, fourfold, box, at_two.shift(box), at_four.shift(box))
            for box in lively
        )
        yield from islice((pair for pair in pairs if pair is not None), count)


def window_of(
    once: Array, twice: Array, fourfold: Array, box: Box, two: Shift, four: Shift
) -> Levels | None:
    """Cut one window out of all three; None where they do not agree or it sticks out."""
    if two is None or four is None:
        return None
    small, at_two = cut(once, box, (0, 0), 1), cut(twice, box, two, 2)
    at_four = cut(fourfold, box, four, 4)
    if small is None or at_two is None or at_four is None:
        return None
    return small, at_two, at_four
