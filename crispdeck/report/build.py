"""Put a report together from a scan, the swap and both decks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crispdeck.deck.model import DeckScan, PicturePart, Placement, Reason, Verdict
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.swap import SwappedPart, SwapResult
from crispdeck.deck.verdicts import detail_gain
from crispdeck.errors import PictureRefusedError
from crispdeck.picture.inspect import inspect
from crispdeck.report.model import LeftPicture, Report, SharpenedPicture
from crispdeck.report.views import compare, px_for_each
from crispdeck.words.places import where_words


@dataclass(frozen=True)
class Enhancement:
    """Both decks, and what was found and done between them.

    Attributes:
        upscales: for each part, what the network said of its upscale.
    """

    original: DeckArchive
    enhanced: DeckArchive
    scan: DeckScan
    result: SwapResult
    upscales: Mapping[str, Mapping[str, Any]]


def build_report(name: str, work: Enhancement) -> Report:
    """Return the report of a deck that people know as `name`.

    Raises:
        DeckRefusedError: a part of either deck is damaged.
    """
    scan, result = work.scan, work.result
    pictures = {picture.part: picture for picture in scan.pictures}
    placements = {placement.id: placement for placement in scan.placements}
    sharpened = [
        _sharpened(work, swapped, pictures[swapped.part], placements)
        for swapped in result.swapped
        if swapped.part in pictures
    ]
    return Report(
        deck_name=name,
        slides=scan.slides,
        slide_width_in=scan.slide_width_in,
        low_ppi=scan.options.low_ppi,
        target_ppi=scan.options.target_ppi,
        bytes_before=result.bytes_before,
        bytes_after=result.bytes_after,
        sharpened=tuple(sorted(filter(None, sharpened), key=lambda p: (p.slide or 10**6, p.part))),
        left=_left(scan, result, placements),
    )


def _sharpened(
    work: Enhancement,
    swapped: SwappedPart,
    picture: PicturePart,
    placements: Mapping[str, Placement],
) -> SharpenedPicture | None:
    """Return None for a picture whose place on the slide has no size, or that cannot be shown."""
    shown = [p for p in (placements[key] for key in picture.placements) if _is_measured(p)]
    if not shown:
        return None
    worst = min(shown, key=lambda p: (p.verdict is not Verdict.LOW, p.effective_ppi))
    before, after = work.original.read(swapped.part), work.enhanced.read(swapped.new_part)
    try:
        old, new = inspect(before), inspect(after)
        view, detail = compare(before, after, worst, px_for_each(len(work.result.swapped)))
    except PictureRefusedError:
        return None
    gain = detail_gain(picture, new.width_px)
    return SharpenedPicture(
        part=swapped.part,
        new_part=swapped.new_part,
        where=where_words(worst),
        slide=worst.slide,
        name=worst.shape_name,
        alt_text=worst.alt_text,
        uses=len(picture.placements),
        shown_width_in=worst.shown_width_in or 0.0,
        shown_height_in=worst.shown_height_in or 0.0,
        width_px=old.width_px,
        height_px=old.height_px,
        new_width_px=new.width_px,
        new_height_px=new.height_px,
        ppi_before=worst.effective_ppi or 0.0,
        ppi_after=(worst.effective_ppi or 0.0) * gain,
        sharpness_before=worst.sharpness_hd,
        sharpness_after=worst.sharpness_hd and worst.sharpness_hd * gain,
        bytes_before=swapped.bytes_before,
        bytes_after=swapped.bytes_after,
        true_width_px=picture.true_width_px,
        true_height_px=picture.true_height_px,
        upscale=dict(work.upscales.get(swapped.part, {})),
        view=view,
        detail=detail,
    )


def _is_measured(placement: Placement) -> bool:
    return bool(placement.effective_ppi and placement.shown_width_in and placement.shown_height_in)


def _left(
    scan: DeckScan, result: SwapResult, placements: Mapping[str, Placement]
) -> tuple[LeftPicture, ...]:
    """List every picture that kept its bytes; what the swap left out has the swap's reason."""
    swapped = {part.part for part in result.swapped}
    late: dict[str, Reason] = dict(result.left)
    rows = [
        LeftPicture(
            part=picture.part,
            where=tuple(dict.fromkeys(where_words(placements[key]) for key in picture.placements)),
            ppi=picture.effective_ppi,
            width_px=picture.width_px,
            height_px=picture.height_px,
            reason=late.get(picture.part, picture.reason),
        )
        for picture in scan.pictures
        if picture.part not in swapped
    ]
    rows += [
        LeftPicture(
            part="",
            where=(where_words(placement),),
            ppi=placement.effective_ppi,
            width_px=None,
            height_px=None,
            reason=placement.reason,
        )
        for placement in scan.placements
        if placement.part is None
    ]
    return tuple(rows)
