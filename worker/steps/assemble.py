"""The assemble step: put the sharp pictures into the deck and keep it as the job's result."""

import tempfile
from collections.abc import Sequence
from functools import partial
from typing import Any

from crispdeck.deck.model import DeckScan
from crispdeck.deck.swap import Replacement, SwapResult, swap
from crispdeck.deck.verdicts import detail_gain
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import finish_assemble
from crispdeck.records.work.job import pictures_of
from crispdeck.records.work.values import JobClaim, PictureRecord
from crispdeck.storage import enhanced_key
from worker.context import Context
from worker.steps.deck_job import local_deck, scan_of, work_on_job

NOTHING: dict[str, Any] = {"enhanced": False, "pictures": [], "left": []}
"""The summary of a job that had nothing to sharpen; it has no deck of its own."""

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def assemble(context: Context, job_id: str) -> None:
    """Write the enhanced deck; the original stays where it is, for the way back."""
    work_on_job(context, job_id, Stage.ASSEMBLE, _assemble)


def _assemble(context: Context, claim: JobClaim) -> None:
    pictures = [
        picture
        for picture in pictures_of(context.db, claim.tenant_id, claim.id)
        if picture.state is PictureState.DONE
    ]
    if not pictures:
        finish_assemble(context.db, claim, result_key=None, size_bytes=None, summary=NOTHING)
        return
    key = enhanced_key(claim.tenant_id, claim.deck_id, claim.id)
    with local_deck(context, claim) as deck, tempfile.TemporaryFile() as out:
        found = scan_of(context, claim, deck)
        result = swap(deck, found, _replacements(context, pictures), out)
        out.seek(0)
        stored = context.store.put(key, out, content_type=PPTX)
    summary = _summary(found, pictures, result)
    finish_assemble(
        context.db, claim, result_key=key, size_bytes=stored.size_bytes, summary=summary
    )


def _replacements(context: Context, pictures: Sequence[PictureRecord]) -> list[Replacement]:
    """Give one per part; the bytes are fetched when their turn comes, one picture at a time."""
    return [_replacement(context, picture, part) for picture in pictures for part in picture.parts]


def _replacement(context: Context, picture: PictureRecord, part: str) -> Replacement:
    if not (picture.result_key and picture.result_format and picture.result_bytes):
        raise ValueError(f"picture {picture.id} is done but has no result")
    return Replacement(
        part=part,
        format=PictureFormat(picture.result_format),
        size_bytes=picture.result_bytes,
        load=partial(context.store.read, picture.result_key),
    )


def _summary(
    found: DeckScan, pictures: Sequence[PictureRecord], result: SwapResult
) -> dict[str, Any]:
    """Tell the sizes, and of each swapped part its ppi before and after."""
    made = {part: picture for picture in pictures for part in picture.parts}
    scanned = {picture.part: picture for picture in found.pictures}
    swapped = []
    for swap_ in result.swapped:
        picture, before = made[swap_.part], scanned[swap_.part]
        enlarged = detail_gain(before, picture.result_width_px or 0)
        ppi = before.effective_ppi
        swapped.append(
            {
                "part": swap_.part,
                "new_part": swap_.new_part,
                "ppi_before": ppi and round(ppi, 1),
                "ppi_after": ppi and round(ppi * enlarged, 1),
                "bytes_before": swap_.old_bytes,
                "bytes_after": swap_.new_bytes,
            }
        )
    return {
        "enhanced": bool(swapped),
        "pictures": swapped,
        "left": [{"part": part, "reason": reason} for part, reason in result.left],
        "bytes_before": result.old_size,
        "bytes_after": result.new_size,
    }
