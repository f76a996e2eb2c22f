"""Put sharper pictures into a deck and leave everything else alone; makes no pixels.

A picture of the same format keeps its part name, and no XML changes. Another format moves to a new
part. A picture that is also used where it must not change (a tile fill, an effect, a placement
that was not chosen …) is copied on write: the new part serves the chosen uses, the old one the
others.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from crispdeck.deck.model import DeckScan, PicturePart, Placement, Reason, Verdict
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.part_uses import Mention, Use, UsesIndex
from crispdeck.deck.rewiring import Rewiring, all_relationships
from crispdeck.deck.swapped import SwappedPart, SwapResult
from crispdeck.errors import SwapRefusedError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff

__all__ = ["Replacement", "SwapOptions", "SwapResult", "SwappedPart", "swap"]

HARMLESS = frozenset(
    {
        Reason.ALREADY_SHARP,
        Reason.SHOWN_SMALL,
        Reason.TOO_FEW_PIXELS,
        Reason.TOO_MANY_PIXELS,
        Reason.UNKNOWN_SIZE,
        Reason.UNUSED_SLIDE,
        Reason.DPI_CAP,
    }
)
"""A use left alone for one of these looks the same, or better, with a sharper picture."""


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """A sharper picture for a part."""

    part: str
    format: PictureFormat
    size_bytes: int
    load: Callable[[], bytes]
    """Called once, when the picture is written."""
    placements: frozenset[str] | None = None
    """Ids of the placements that shall change; None: all that are low."""


@dataclass(frozen=True, kw_only=True)
class SwapOptions:
    """How much a deck may grow: by the larger of the two."""

    max_growth_factor: float = 4.0
    """Largest size of the new deck, as a multiple of the old one."""
    free_growth_bytes: int = 20 << 20


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which uses of one part go over to the new picture."""

    replacement: Replacement
    picture: PicturePart
    moving: tuple[Use, ...] = ()
    splits: tuple[tuple[Use, tuple[Mention, ...]], ...] = ()
    """Uses of which only some mentions move."""
    is_shared: bool = False
    """True when a use stays with the old picture."""
    obstacle: Reason | None = None
    """Why nothing can move."""


def swap(
    deck: DeckArchive,
    scan: DeckScan,
    replacements: Sequence[Replacement],
    out: BinaryIO,
    options: SwapOptions | None = None,
) -> SwapResult:
    """Write the deck to `out` with these pictures replaced; the same input gives the same bytes.

    Raises:
        SwapRefusedError: a replacement does not fit the deck or is not what it says; when that
            shows only while its bytes are read, `out` holds an unfinished file.
        DeckTooLargeError: the result would be over what a zip without zip64 can hold.
    """
    _check(deck, scan, replacements)
    pictures = {picture.part: picture for picture in scan.pictures}
    index = UsesIndex(deck, all_relationships(deck), scan.placements)
    plans = [_plan(r, pictures[r.part], index.uses_of(r.part)) for r in replacements]
    possible = [plan for plan in plans if plan.obstacle is None]
    # Before anything is written: what does not fit is left out, and the result says so.
    affordable = _within_budget(deck, possible, options or SwapOptions())
    rewiring = Rewiring(deck)
    # In the order of the zip, so that new names do not depend on the caller's order.
    order = {part: number for number, part in enumerate(deck.names)}
    for plan in sorted(affordable, key=lambda plan: order[plan.picture.part]):
        _carry_out(rewiring, plan)
    return rewiring.write(out, _left(plans, affordable))


def _check(deck: DeckArchive, scan: DeckScan, replacements: Sequence[Replacement]) -> None:
    pictures = {picture.part: picture for picture in scan.pictures}
    placements = {placement.id: placement for placement in scan.placements}
    parts = [replacement.part for replacement in replacements]
    if len(set(parts)) != len(parts):
        raise SwapRefusedError("A picture has two replacements.")
    for replacement in replacements:
        picture = pictures.get(replacement.part)
        if picture is None or replacement.part not in deck:
            raise SwapRefusedError(f"The deck has no picture {replacement.part[:200]!r}.")
        # An upscale of other bytes would be somebody else's picture in this place.
        if picture.crc32 != deck.crc32(replacement.part):
            raise SwapRefusedError("The deck is not the one that was scanned.")
        if not _fits(picture, replacement):
            raise SwapRefusedError(f"{replacement.part} is not made of pixels.")
        for wanted in replacement.placements or ():
            _check_choice(replacement, placements.get(wanted))


def _fits(picture: PicturePart, replacement: Replacement) -> bool:
    """Tell whether pixels take the place of pixels; those in a drawing are swapped with it."""
    if picture.format.is_vector:
        return bool(picture.width_px) and replacement.format is picture.format
    return picture.format.is_raster and replacement.format.is_raster


def _check_choice(replacement: Replacement, placement: Placement | None) -> None:
    if placement is None or placement.part != replacement.part:
        raise SwapRefusedError(f"{replacement.part} has no such placement.")
    if _is_protected(placement):
        raise SwapRefusedError(
            f"Placement {placement.id} must not change: {placement.reason or Reason.NOT_CHOSEN}."
        )


def _is_protected(placement: Placement) -> bool:
    return placement.verdict is not Verdict.LOW and placement.reason not in HARMLESS


def _plan(replacement: Replacement, picture: PicturePart, uses: list[Use]) -> _Plan:
    """Sort a part's uses into those that move, those that move in part, and those that stay."""
    targets = _targets(replacement, [p for use in uses for p in use.placements])
    staying: list[Reason] = []
    moving: list[Use] = []
    splits: list[tuple[Use, tuple[Mention, ...]]] = []
    for use in uses:
        obstacles = _obstacles(use, targets)
        mine = [placement for placement in use.placements if placement.id in targets]
        # A relationship is used by all its mentions at once (blip, extension, background): it moves
        # as a whole unless its mentions can be told apart.
        if not obstacles:
            moving.append(use)
            continue
        staying.extend(obstacles)
        if mine and (mentions := _separable(use, mine)):
            splits.append((use, mentions))
    if staying:
        # Only what was asked for goes over to the copy.
        moving = [use for use in moving if any(p.id in targets for p in use.placements)]
    obstacle = None if targets and (moving or splits) else _first(staying, picture)
    return _Plan(replacement, picture, tuple(moving), tuple(splits), bool(staying), obstacle)


def _targets(replacement: Replacement, placements: list[Placement]) -> frozenset[str]:
    """Return the placements for whose sake the picture is replaced."""
    if replacement.placements is not None:
        return replacement.placements
    low = frozenset(p.id for p in placements if p.verdict is Verdict.LOW)
    # A swap that names no placement is for the low ones; where none is low, for all that bear it.
    return low or frozenset(p.id for p in placements if not _is_protected(p))


def _obstacles(use: Use, targets: frozenset[str]) -> list[Reason]:
    """Return why a use as a whole must stay with the old picture."""
    if use.is_idle:
        return []
    found = [
        placement.reason or Reason.NOT_CHOSEN
        for placement in use.placements
        if placement.id not in targets
        and (_is_protected(placement) or placement.verdict is Verdict.LOW)
    ]
    return found if found or use.is_known else [Reason.OTHER_USE]


def _separable(use: Use, placements: list[Placement]) -> tuple[Mention, ...]:
    """Return the mentions of these placements, () when one cannot be told from the others."""
    mentions = [use.mention_of(placement) for placement in placements]
    if any(mention is None or mention.attribute != "embed" for mention in mentions):
        return ()
    return tuple(mention for mention in mentions if mention is not None)


def _first(staying: list[Reason], picture: PicturePart) -> Reason:
    return staying[0] if staying else picture.reason or Reason.NOT_CHOSEN


def _within_budget(deck: DeckArchive, plans: list[_Plan], options: SwapOptions) -> list[_Plan]:
    """Take the worst pictures first, as far as the budget goes."""
    budget = max(options.free_growth_bytes, (options.max_growth_factor - 1) * deck.size)
    taken: list[_Plan] = []
    for plan in sorted(plans, key=lambda plan: (_ppi(plan.picture), plan.picture.part)):
        # A shared picture stays beside its copy, so all of the copy is growth.
        bytes_before = 0 if plan.is_shared else deck.entry(plan.picture.part).compressed_bytes
        growth = plan.replacement.size_bytes - bytes_before
        if growth <= budget:
            budget -= growth
            taken.append(plan)
    return taken


def _ppi(picture: PicturePart) -> float:
    return math.inf if picture.effective_ppi is None else picture.effective_ppi


def _carry_out(rewiring: Rewiring, plan: _Plan) -> None:
    replacement = plan.replacement
    part = replacement.part
    new_format = replacement.format
    load = partial(_load, replacement)
    if plan.is_shared:
        new_part = rewiring.copy(part, new_format, load)
    elif new_format is plan.picture.format or new_format.is_declared_as(plan.picture.content_type):
        rewiring.replace(part, load)
        return
    else:
        new_part = rewiring.move(part, new_format, load)
    for use in plan.moving:
        rewiring.repoint(use.page, use.relationship, new_part)
    for use, mentions in plan.splits:
        places = [(mention.tag_start, mention.attribute) for mention in mentions]
        rewiring.split(use.page, use.relationship, places, new_part)


def _load(replacement: Replacement) -> bytes:
    blob = replacement.load()
    if len(blob) != replacement.size_bytes:
        raise SwapRefusedError(f"The new bytes of {replacement.part} have another size.")
    # Content type, suffix and relationships were chosen for this format; another one would make
    # PowerPoint repair the deck.
    if sniff(blob[:SNIFF_BYTES]) is not replacement.format:
        raise SwapRefusedError(f"The new bytes of {replacement.part} are no {replacement.format}.")
    return blob


def _left(plans: list[_Plan], affordable: list[_Plan]) -> list[tuple[str, Reason]]:
    taken = {plan.picture.part for plan in affordable}
    return [
        (plan.picture.part, plan.obstacle or Reason.GROWTH_BUDGET)
        for plan in plans
        if plan.picture.part not in taken
    ]
