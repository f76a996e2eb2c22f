"""What confined processes do: look through decks and pictures, draw slides, write reports.

Each task takes its values as JSON, bytes, and descriptors of open files, and returns JSON and
bytes. It may raise any CrispdeckError, and MemoryError where its limit is too low.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from crispdeck.deck.model import Reason
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_from_json, scan_to_json
from crispdeck.deck.scan_summary import brief_of
from crispdeck.deck.swapped import SwappedPart, SwapResult
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import BadInputError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import inspect
from crispdeck.picture.thumbnail import small_copy, thumbnail
from crispdeck.report.build import Enhancement, build_report
from crispdeck.report.writers import write_report
from crispdeck.services.independent_readers import view_of
from crispdeck.slides import Likeness, draw_slide

Found = tuple[Any, bytes]

FULL_SIDE_PX = 3_840
"""Of a picture that no browser knows, on a full likeness: a 4K screen shows no more."""

LIKENESS_PX = 64_000_000
"""Pixels that are decoded for the likeness of one slide; what comes later is left blank."""


def admit(values: Mapping[str, Any], _blob: bytes, fds: list[int]) -> Found:
    """Pass a deck through the gate and scan it."""
    with _deck(values, fds[0], allow_signed=values["allow_signed"]) as deck:
        found = scan(deck, ScanOptions(**values["options"]))
        digest = deck.sha256 if values["digest"] else ""
        return {
            "scan": scan_to_json(found),
            "brief": brief_of(found),
            "sha256": digest,
            "size_bytes": deck.size,
        }, b""


def draw(values: Mapping[str, Any], _blob: bytes, fds: list[int]) -> Found:
    """Draw the likeness of a slide."""
    with _deck(values, fds[0]) as deck:
        likenesses = _Likenesses(deck, values["max_px"], values["full_bytes"])
        return None, draw_slide(deck, values["number"], likenesses)


def measure(_values: Mapping[str, Any], blob: bytes, _fds: list[int]) -> Found:
    """Measure a picture."""
    return asdict(inspect(blob)), b""


def make_small(values: Mapping[str, Any], blob: bytes, fds: list[int]) -> Found:
    """Make a picture small: a part of a deck, a file, or bytes."""
    if values["part"] is not None:
        with _deck(values, fds[0]) as deck:
            blob = deck.read(values["part"])
    elif fds:
        with view_of(fds[0]) as file:
            blob = file.read()
    small = thumbnail(blob, max_side_px=values["max_side_px"], max_px=values["max_px"])
    return None, small


def report(values: Mapping[str, Any], _blob: bytes, fds: list[int]) -> Found:
    """Write the report of a finished job into the third file."""
    with _deck(values, fds[0]) as original, _deck(values, fds[1]) as enhanced:
        work = Enhancement(
            original=original,
            enhanced=enhanced,
            scan=scan_from_json(values["scan"]),
            result=_result(values["result"]),
            upscales=values["upscales"],
        )
        with open(fds[2], "wb", closefd=False) as out:
            write_report(build_report(values["name"], work), values["kind"], out)
    return None, b""


TASKS: Mapping[str, Callable[[Mapping[str, Any], bytes, list[int]], Found]] = {
    "admit": admit,
    "draw": draw,
    "measure": measure,
    "make_small": make_small,
    "report": report,
}


def _deck(values: Mapping[str, Any], fd: int, *, allow_signed: bool = True) -> "_OpenDeck":
    return _OpenDeck(view_of(fd), DeckLimits(**values["limits"]), allow_signed=allow_signed)


class _OpenDeck:
    """A deck and its file, closed together."""

    def __init__(self, file: BinaryIO, limits: DeckLimits, *, allow_signed: bool) -> None:
        self._file = file
        try:
            self._deck = open_deck(file, limits=limits, allow_signed=allow_signed)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> DeckArchive:
        return self._deck

    def __exit__(self, *_error: object) -> None:
        self._file.close()


class _Likenesses:
    """Pictures of media parts, each made once, until a slide's share is used up.

    The parts themselves up to `full_bytes` where a browser can show them, then small ones.
    """

    def __init__(self, deck: DeckArchive, max_px: int, full_bytes: int) -> None:
        self._deck = deck
        self._is_full = full_bytes > 0
        self._left_bytes = full_bytes
        self._max_px = max_px
        self._left_px = LIKENESS_PX
        self._made: dict[str, Likeness | None] = {}

    def __call__(self, part: str) -> Likeness | None:
        if part not in self._made:
            self._made[part] = self._make(part)
        return self._made[part]

    def _make(self, part: str) -> Likeness | None:
        try:
            if (whole := self._whole(part)) is not None:
                return whole
            info = inspect(self._deck.open(part))
            if info.px > self._left_px:
                return None
            self._left_px -= info.px
            blob = self._deck.read(part)
            if self._is_full and not info.format.is_shown_by_browsers:
                shown = thumbnail(blob, max_side_px=FULL_SIDE_PX, max_px=self._max_px)
                return Likeness(shown, "image/png")
            return Likeness(*small_copy(blob, max_px=self._max_px))
        except BadInputError:
            return None

    def _whole(self, part: str) -> Likeness | None:
        """Return a part as it is, where that is small enough and a browser can show it."""
        if not self._left_bytes:
            return None
        with self._deck.open(part) as stream:
            kind = sniff(stream.read(SNIFF_BYTES))
        if not kind.is_shown_by_browsers:
            return None
        blob = self._deck.read(part)
        if len(blob) > self._left_bytes:
            return None
        self._left_bytes -= len(blob)
        return Likeness(blob, kind.content_type)


def info_from_json(data: Mapping[str, Any]) -> PictureInfo:
    """Read back what `measure` found."""
    dpi = data["dpi"] and tuple(data["dpi"])
    return PictureInfo(**{**data, "format": PictureFormat(data["format"]), "dpi": dpi})


def result_to_json(result: SwapResult) -> dict[str, Any]:
    """Return what a swap did as JSON."""
    return asdict(result)


def _result(data: Mapping[str, Any]) -> SwapResult:
    return SwapResult(
        swapped=tuple(SwappedPart(**one) for one in data["swapped"]),
        left=tuple((part, Reason(reason)) for part, reason in data["left"]),
        bytes_before=data["bytes_before"],
        bytes_after=data["bytes_after"],
    )
