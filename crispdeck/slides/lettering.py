"""Words broken into lines by what letters are wide on average; knows no XML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NARROW = frozenset("iIlj|!.,:;'`()[]{}frt/\\ ")
_WIDE = frozenset("mwMW@%&—…ŒÆ")
_FULL_WIDTH_FROM = 0x1100
"""Letters of East Asia, mostly as wide as they are high."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some letters of one look."""

    text: str
    size_pt: float
    colour: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs, and how they stand between the edges of their box."""

    runs: tuple[Run, ...]
    align: str = "l"
    """l, ctr, r or just, as a:pPr says."""
    left_pt: float = 0.0
    bullet: str = ""
    gap_pt: float = 0.0
    """Room above."""


@dataclass(frozen=True, slots=True)
class Line:
    """Runs that stand beside each other, with the width that they are drawn to."""

    runs: tuple[Run, ...]
    width_pt: float
    size_pt: float


def width_pt(text: str, size_pt: float, *, is_bold: bool = False) -> float:
    """Estimate how wide a sans-serif text is, to within a tenth for European scripts."""
    units = 0.0
    for letter in text:
        if letter in _NARROW:
            units += 0.29
        elif letter in _WIDE:
            units += 0.86
        elif ord(letter) >= _FULL_WIDTH_FROM:
            units += 1.0
        else:
            units += 0.68 if letter.isupper() else 0.54
    return units * size_pt * (1.06 if is_bold else 1.0)


def lines(paragraph: Paragraph, room_pt: float) -> Iterator[Line]:
    """Break at spaces; a word that is wider than the room stands alone and is squeezed into it."""
    row: list[Run] = []
    filled = 0.0
    broken: Run | None = None
    for run in _words(paragraph.runs):
        if run.text == "\n":
            broken = Run("", run.size_pt, run.colour)
            yield _line(row or [broken], room_pt)
            row, filled = [], 0.0
            continue
        wide = width_pt(run.text, run.size_pt, is_bold=run.is_bold)
        # The space behind the last word may hang over the edge, as in every typesetter.
        if row and filled + width_pt(run.text.rstrip(), run.size_pt) > room_pt:
            yield _line(row, room_pt)
            row, filled = [], 0.0
        row.append(run)
        filled += wide
    if row or broken is not None:
        yield _line(row or [broken or Run("", 0.0, "")], room_pt)


def _words(runs: Sequence[Run]) -> Iterator[Run]:
    for run in runs:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                yield Run("\n", run.size_pt, run.colour)
            # The space stays with the word before it; a run may end within a word.
            for word in re.findall(r"[^ ]* |[^ ]+$", text):
                yield Run(word, run.size_pt, run.colour, run.is_bold)


def _line(row: Sequence[Run], room_pt: float) -> Line:
    """Join words of one look again."""
    joined: list[Run] = []
    for run in row:
        last = joined[-1] if joined else None
        if last and (last.size_pt, last.colour, last.is_bold) == (
            run.size_pt,
            run.colour,
            run.is_bold,
        ):
            joined[-1] = Run(last.text + run.text, run.size_pt, run.colour, run.is_bold)
        else:
            joined.append(run)
    if joined:
        end = joined[-1]
        joined[-1] = Run(end.text.rstrip(), end.size_pt, end.colour, end.is_bold)
    wide = sum(width_pt(run.text, run.size_pt, is_bold=run.is_bold) for run in joined)
    return Line(tuple(joined), min(wide, room_pt), max((run.size_pt for run in joined), default=0))
