"""What the work on a batch will take: its low pictures against what was measured lately."""

from collections.abc import Iterator
from dataclasses import dataclass

from crispdeck.deck.model import PicturePart
from crispdeck.deck.scan_json import scan_from_json
from crispdeck.records.figures.throughput import Pace, pace
from crispdeck.records.shelf.decks import get_scan
from crispdeck.records.work.batch_contents import BatchContents
from crispdeck.services.batches import LeftOut
from crispdeck.services.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What the work on a batch will take, by what was measured here."""

    pictures: int
    """Different ones; equal pictures are made once."""
    megapixels: float
    seconds: float
    waiting_s: float
    """For what others have asked for before."""
    bytes_before: int
    bytes_after: int
    measured_pictures: int
    """That the figures rest on; 0: they are guesses."""


def estimate(platform: Platform, found: BatchContents, left_out: LeftOut) -> Estimate:
    """Add up the batch's low pictures, each different one once, but for those left out."""
    measured = pace(platform.db)
    pictures: dict[tuple[int, int], PicturePart] = {}
    decks, growth_bytes = 0, 0.0
    for low in _low(platform, found, left_out):
        decks += bool(low)
        growth_bytes += sum(_growth(measured, each) for each in low)
        for each in low:
            # Checksum and size stand in for the hash: reading every picture for an estimate would
            # take as long as preparing it.
            known = pictures.get((each.crc32, each.size_bytes))
            if known is None or (known.scale or 0) < (each.scale or 0):
                pictures[each.crc32, each.size_bytes] = each
    mpx = sum((each.width_px or 0) * (each.height_px or 0) for each in pictures.values()) / 1e6
    before = sum(deck.size_bytes for deck in found.decks)
    return Estimate(
        pictures=len(pictures),
        megapixels=round(mpx, 2),
        seconds=round(measured.seconds(len(pictures), mpx) + decks * measured.s_per_deck, 1),
        waiting_s=round(measured.seconds(measured.waiting_pictures, measured.waiting_mpx), 1),
        bytes_before=before,
        bytes_after=round(before + growth_bytes),
        measured_pictures=measured.pictures,
    )


def _low(
    platform: Platform, found: BatchContents, left_out: LeftOut
) -> Iterator[list[PicturePart]]:
    for deck in found.decks:
        scan = scan_from_json(get_scan(platform.db, deck.tenant_id, deck.id))
        yield [each for each in scan.low if each.part not in left_out.get(deck.id, ())]


def _growth(measured: Pace, picture: PicturePart) -> float:
    return picture.size_bytes * (measured.growth.get(picture.scale or 2, 1.0) - 1)
