"""What the validation set shows: held-out pages, logos, photographs, faces."""

import base64
import io
import random
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from worker.lab.training.families import Families
from worker.lab.training.renders.browser import FINE, SMALL_SCREENS, Browser, started
from worker.lab.training.renders.pages import Levels, window_of
from worker.lab.training.renders.pen import PAGE_HEIGHT_PX, PAGE_WIDTH_PX, Pen, document, style_of
from worker.lab.training.renders.registration import Box, Registration
from worker.lab.training.renders.templates import HELD_OUT
from worker.lab.training.sources import decode, render_svg, svg_names

SCALES = (2, 4)  # that each motif is made small by

# A small picture as people have it: under 200 px on either side.
WINDOW_WIDTH_PX, WINDOW_HEIGHT_PX = 176, 120
WINDOW_STEP_PX = 8  # at which a window may begin on its page; a guess
READING = frozenset({"text", "code", "table"})
PAGE_TRIES = 6  # pages drawn for one motif before it is given up; a guess
WINDOW_TRIES = 60  # windows of a page; each costs three cuts and a comparison. A guess
LEAST_WORDS = 3  # that tesseract is to read in a window of text, as in the bench
# Levels (0..255) of standard deviation: a window that is nearly all ground tells little.
LIVELY_LEVELS = 16.0
LOGO_SIDES_PX = (64, 80, 96, 120)  # of the small logos: what a slide's corner holds
PHOTO_SIDE_PX = 136  # shortest side of a small photograph: under 200 px, as people have it
# Where people's faces are in photographs that training never sees: left, top, width, height.
FACES = {
    "osbooks-introduction-anthropology-e3f2f6af.jpg": ((352, 56, 256, 256), (24, 176, 208, 224)),
    "osbooks-introduction-anthropology-d1085595.jpg": ((112, 40, 320, 160),),
}
EMBLEM = "emblems"


@dataclass(frozen=True, eq=False)
class Motif:
    """One thing to show.

    Attributes:
        truths: by scale, what the small picture should become; sides are multiples of the scale.
        drawn: by scale, the same drawn small (a hinted screenshot); none for photographs.
        words: what can be read on it, where that is known.
    """

    name: str
    kind: str
    truths: Mapping[int, Image.Image]
    drawn: Mapping[int, Image.Image] = field(default_factory=dict)
    words: tuple[str, ...] | None = None


_WORDS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const match of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const place = range.getBoundingClientRect();
      const top = document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2);
      if (top && (top === node.parentElement || top.contains(node)))
        found.push([match[0], place.left, place.top, place.right, place.bottom]);
    }
  }
  return found;
}"""


def page_motifs(count: int, seed: int) -> Iterator[Motif]:
    """Draw `count` motifs of each class of held-out pages, on small screens of all kinds."""
    from playwright.sync_api import sync_playwright

    kinds = sorted({kind for name, (_, kind) in HELD_OUT.items() if name != EMBLEM})
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        fine = stack.enter_context(started(playwright, FINE))
        smalls = [stack.enter_context(started(playwright, s)) for s in SMALL_SCREENS[:4]]
        for kind in kinds:
            for number in range(count):
                small = smalls[(number + len(kind)) % len(smalls)]
                motif = _page_motif(kind, number, seed, fine, small)
                if motif is not None:
                    yield motif


def _page_motif(kind: str, number: int, seed: int, fine: Browser, small: Browser) -> Motif | None:
    """Try some pages, since on some no window is drawn in one place at all scales."""
    templates = sorted(name for name, (_, of) in HELD_OUT.items() if of == kind)
    for attempt in range(PAGE_TRIES):
        rng = random.Random(f"motif {seed} {kind} {number} {attempt}")  # noqa: S311
        template = HELD_OUT[templates[number % len(templates)]][0]
        style = style_of(rng, held_out=True)
        html = document(style, template(Pen(rng, style)))
        found = _window(html, fine, small, rng, reading=kind in READING)
        if found is not None:
            (once, twice, fourfold), words = found
            return Motif(
                f"{kind}-{number + 1:02}",
                kind,
                truths={2: Image.fromarray(twice), 4: Image.fromarray(fourfold)},
                drawn=dict.fromkeys(SCALES, Image.fromarray(once)),
                words=words,
            )
    return None


def _window(
    html: str, fine: Browser, small: Browser, rng: random.Random, *, reading: bool
) -> tuple[Levels, tuple[str, ...]] | None:
    """Choose a window with something to see and to read; if `reading`, as much as there is."""
    once, twice, fourfold = (
        np.asarray(browser.draw(html, scale))
        for browser, scale in ((small, 1), (fine, 2), (fine, 4))
    )
    at_two, at_four = Registration(once, twice), Registration(once, fourfold)
    boxes = [
        Box(left, top, WINDOW_WIDTH_PX, WINDOW_HEIGHT_PX)
        for top in range(0, PAGE_HEIGHT_PX - WINDOW_HEIGHT_PX + 1, WINDOW_STEP_PX)
        for left in range(0, PAGE_WIDTH_PX - WINDOW_WIDTH_PX + 1, WINDOW_STEP_PX)
    ]
    placed = fine.show(html, 1).evaluate(_WORDS)
    boxes = [box for box in boxes if at_four.deviation(box) > LIVELY_LEVELS]
    rng.shuffle(boxes)
    if reading:
        boxes.sort(key=lambda box: len(_words_in(box, placed)), reverse=True)
    readable = (box for box in boxes if len(_words_in(box, placed)) >= LEAST_WORDS)
    for box in islice(readable, WINDOW_TRIES):
        levels = window_of(once, twice, fourfold, box, at_two.shift(box), at_four.shift(box))
        if levels is not None:
            return levels, _words_in(box, placed)
    return None


def _words_in(box: Box, placed: list[tuple[str, float, float, float, float]]) -> tuple[str, ...]:
    """Name the words that lie whole in the box; signs of icon fonts are none."""
    return tuple(
        word
        for word, left, top, right, bottom in placed
        if left >= box.left
        and top >= box.top
        and right <= box.left + box.width
        and bottom <= box.top + box.height
        and any(letter.isalnum() for letter in word)
        and not any("\ue000" <= letter <= "\uf8ff" or letter > "\uffff" for letter in word)
    )


def logo_motifs(folder: Path, count: int, seed: int) -> Iterator[Motif]:
    """Draw held-out SVG files on nothing: straight alpha, exact at every scale."""
    families = Families(folder)
    names = [name for name in svg_names(folder) if families.held_back(name)]
    rng = random.Random(f"logos {seed}")  # noqa: S311
    rng.shuffle(names)
    count_drawn = 0
    for name in names:
        side = LOGO_SIDES_PX[count_drawn % len(LOGO_SIDES_PX)]
        try:
            levels = {scale: _drawn(folder / name, side, scale) for scale in (1, *SCALES)}
        except ValueError:
            continue
        # Some are nearly empty, and some fill their square: neither has an outline to keep.
        if count_drawn == count:
            return
        alpha = np.asarray(levels[1])[..., 3]
        if 0.1 < (alpha > 127).mean() < 0.95:
            count_drawn += 1
            yield Motif(
                f"logo-{count_drawn:02}",
                "logo",
                truths={scale: levels[scale] for scale in SCALES},
                drawn=dict.fromkeys(SCALES, levels[1]),
            )


def _drawn(path: Path, side_px: int, scale: int) -> Image.Image:
    """Draw an SVG centred in a clear square, so that all scales have one shape."""
    data = base64.b64encode(path.read_bytes()).decode()
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side_px}" height="{side_px}" '
        f'viewBox="0 0 {side_px} {side_px}"><image width="{side_px}" height="{side_px}" '
        f'href="data:image/svg+xml;base64,{data}"/></svg>'
    )
    return render_svg(markup, side_px * scale, None)


def photo_motifs(folder: Path, count: int, seed: int) -> Iterator[Motif]:
    """Take held-out photographs as whole scenes, seen small."""
    families = Families(folder)
    names = [n for n in _photos(folder) if families.held_back(n) and n not in FACES]
    random.Random(f"photos {seed}").shuffle(names)  # noqa: S311
    for number, name in enumerate(names[:count], 1):
        photo = decode(folder / name, longest_px=None)
        truths = {}
        for scale in SCALES:
            share = PHOTO_SIDE_PX * scale / min(photo.size)
            size = [round(side * share / scale) * scale for side in photo.size]
            truths[scale] = photo.resize((size[0], size[1]), Image.Resampling.LANCZOS)
        yield Motif(f"photo-{number:02}", "photo", truths)


def face_motifs(folder: Path) -> Iterator[Motif]:
    """Cut the faces out of the photographs that are known to hold some, as far as they are here."""
    families, number = Families(folder), 0
    for name, boxes in FACES.items():
        if not (folder / name).exists() or not families.held_back(name):
            continue
        photo = decode(folder / name, longest_px=None)
        for left, top, width, height in boxes:
            number += 1
            face = photo.crop((left, top, left + width, top + height))
            yield Motif(f"face-{number:02}", "face", dict.fromkeys(SCALES, face))


def _photos(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".jpg")


def png(picture: Image.Image) -> bytes:
    """Write a PNG."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
