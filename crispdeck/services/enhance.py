"""Make a deck's blurred pictures sharp in this process: scan, sharpen, swap; no queue, no records.

The way of the command line. It groups, upscales and swaps as the queue's steps do, so that both
give the same deck.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from crispdeck.deck.model import DeckScan, PicturePart
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.originals import OriginalsStore
from crispdeck.deck.swap import Replacement, SwapResult, swap
from crispdeck.errors import BadInputError, CrispdeckError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.sharpened import Sharpened
from crispdeck.services.equal_pictures import EqualPictures, group_equal


class Sharpener(Protocol):
    """Makes one picture `scale` times as large; raises CrispdeckError."""

    def __call__(self, blob: bytes, scale: int) -> Sharpened:
        """Return the sharper picture."""
        ...


@dataclass(frozen=True)
class KeptResult:
    """A sharper picture in a file of its own, so that memory stays flat however many there are."""

    file: Path = field(repr=False)
    format: PictureFormat
    size_bytes: int
    report: dict[str, Any]


class OriginalFinder(Protocol):
    """Looks for the true original of a low picture; raises CrispdeckError."""

    def __call__(self, blob: bytes, most_factor: float) -> Sharpened | None:
        """Return what its original gives at `most_factor` at most; None where none is proven."""
        ...


class Results:
    """What was sharpened in this run: the same picture on forty decks is sharpened once."""

    def __init__(self, folder: Path, sharpen: Sharpener) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._sharpen = sharpen
        self._known: dict[tuple[str, int], KeptResult | CrispdeckError] = {}

    def get(self, blob: bytes, scale: int) -> KeptResult | CrispdeckError:
        """Return the picture, sharpened now or before, or the error that it met."""
        key = (hashlib.sha256(blob).hexdigest(), scale)
        if key not in self._known:
            try:
                self._known[key] = self._keep(key, self._sharpen(blob, scale))
            except CrispdeckError as error:
                self._known[key] = error
        return self._known[key]

    def keep(self, blob: bytes, sharpened: Sharpened) -> KeptResult:
        """Keep a picture that something else than the network made, for one deck."""
        digest = hashlib.sha256(sharpened.blob).hexdigest()
        return self._keep((f"{hashlib.sha256(blob).hexdigest()}-{digest}", 0), sharpened)

    def _keep(self, key: tuple[str, int], sharpened: Sharpened) -> KeptResult:
        file = self._folder / f"{key[0]}-x{key[1]}"
        file.write_bytes(sharpened.blob)
        return KeptResult(file, sharpened.format, len(sharpened.blob), sharpened.report)


@dataclass(frozen=True)
class FailedPicture:
    """A picture that could not be made sharp; the deck keeps it as it was."""

    part: str
    error: CrispdeckError

    @property
    def is_refusal(self) -> bool:
        """True where the picture itself is the reason: nothing went wrong here."""
        return isinstance(self.error, BadInputError)


@dataclass(frozen=True)
class Enhanced:
    """What became of a deck.

    Attributes:
        upscales: for each sharpened part, what the network said of it.
    """

    result: SwapResult
    upscales: dict[str, dict[str, Any]]
    failed: tuple[FailedPicture, ...]

    def reports(self) -> list[dict[str, Any]]:
        """Return what the network said of each picture that was swapped."""
        return [self.upscales.get(part.part, {}) for part in self.result.swapped]


def enhance(
    deck: DeckArchive,
    scan: DeckScan,
    results: Results,
    originals: OriginalsStore,
    out: BinaryIO,
    on_picture: Callable[[PicturePart], None] = lambda _: None,
    find: OriginalFinder | None = None,
) -> Enhanced:
    """Write the deck to `out` with every picture that the scan calls low made sharp.

    Args:
        on_picture: told each picture when it is through, sharp or not.
        find: looks for true originals, which go before what a network makes; None: nobody does.

    Raises:
        CrispdeckError: the deck could not be read or written; single pictures do not raise.
    """
    kept_by_part: dict[str, KeptResult] = {}
    groups, unreadable = group_equal(deck, scan.low)
    failed = [FailedPicture(picture.part, error) for picture, error in unreadable]
    for group in groups:
        blob = deck.read(group.pictures[0].part)
        outcome: KeptResult | CrispdeckError | None = None
        if find is not None:
            outcome = _original(blob, wanted_factor(group, scan), results, find)
        if outcome is None:
            outcome = results.get(blob, group.scale)
        for picture in group.pictures:
            if isinstance(outcome, CrispdeckError):
                failed.append(FailedPicture(picture.part, outcome))
            else:
                kept_by_part[picture.part] = outcome
            on_picture(picture)
    result = swap(
        deck, scan, [_replacement(part, kept) for part, kept in kept_by_part.items()], out
    )
    # The originals come first: a deck that is there can always be reverted.
    originals.keep_swapped(deck, result)
    return Enhanced(
        result, {part: kept.report for part, kept in kept_by_part.items()}, tuple(failed)
    )


def wanted_factor(group: EqualPictures, scan: DeckScan) -> float:
    """Return how many pixels for each there is would reach the target where it is shown largest."""
    wanted = 1.0
    for picture in group.pictures:
        enlarged = (picture.width_px or 1) / (picture.true_width_px or picture.width_px or 1)
        if picture.effective_ppi:
            wanted = max(wanted, scan.options.target_ppi / picture.effective_ppi / enlarged)
    return wanted


def _original(
    blob: bytes, most_factor: float, results: Results, find: OriginalFinder
) -> KeptResult | None:
    """Find the true original; whatever goes wrong with that, the network still can."""
    try:
        found = find(blob, most_factor)
    except CrispdeckError:
        return None
    return None if found is None else results.keep(blob, found)


def _replacement(part: str, kept: KeptResult) -> Replacement:
    return Replacement(
        part=part, format=kept.format, size_bytes=kept.size_bytes, load=kept.file.read_bytes
    )
