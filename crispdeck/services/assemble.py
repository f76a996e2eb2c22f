"""The assemble step: put the sharp pictures into the deck and keep it as the job's result."""

import hashlib
import logging
import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from crispdeck.deck.model import DeckScan, PicturePart
from crispdeck.deck.names import deck_type
from crispdeck.deck.swap import SwapResult, swap
from crispdeck.deck.verdicts import detail_gain
from crispdeck.errors import DamagedObjectError, ObjectMissingError
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.shelf.decks import get_deck
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import finish_assemble
from crispdeck.records.work.job import pictures_of
from crispdeck.records.work.remaking import remake_for
from crispdeck.records.work.values import JobClaim, PictureRecord
from crispdeck.services.deck_stage import work_on_stage
from crispdeck.services.results import is_sound, replacements
from crispdeck.services.scans import kept_or_new_scan
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import enhanced_key

logger = logging.getLogger(__name__)

NOTHING: dict[str, Any] = {"enhanced": False, "pictures": [], "left": []}
"""The summary of a job that had nothing to sharpen; it has no deck of its own."""


def assemble(platform: WorkerPlatform, job_id: str) -> None:
    """Write the enhanced deck; the original stays where it is, for the way back."""
    work_on_stage(platform, job_id, Stage.ASSEMBLE, _assemble)
    platform.announce([WakeUp(TaskName.REPORT, QueueName.CPU, job_id)])


def _assemble(platform: WorkerPlatform, claim: JobClaim) -> None:
    done = [
        picture
        for picture in pictures_of(platform.db, claim.tenant_id, claim.id)
        if picture.state is PictureState.DONE
    ]
    if not done:
        finish_assemble(platform.db, claim, result_key=None, size_bytes=None, summary=NOTHING)
        return
    try:
        _put_together(platform, claim, done)
    except (DamagedObjectError, ObjectMissingError) as error:
        damaged = [picture.id for picture in done if not is_sound(platform.store, picture)]
        if not damaged:
            raise  # the deck itself
        logger.warning("job %s has pictures made again: %s", claim.id, error)
        platform.announce(remake_for(platform.db, claim, damaged, code=error.code))


def _put_together(platform: WorkerPlatform, claim: JobClaim, done: Sequence[PictureRecord]) -> None:
    key = enhanced_key(claim.tenant_id, claim.deck_id, claim.id)
    name = get_deck(platform.db, claim.tenant_id, claim.deck_id).name
    options = claim.options.scan_options(platform.settings)
    with (
        platform.decks.deck(claim.deck_key, sha256=claim.deck_sha256) as deck,
        tempfile.TemporaryFile() as file,
    ):
        found = kept_or_new_scan(platform, claim.tenant_id, claim.deck_id, deck, options)
        out = cast("BinaryIO", file)
        result = swap(deck, found, replacements(platform, done), out)
        out.seek(0)
        sha256 = hashlib.file_digest(out, "sha256").hexdigest()  # type: ignore[arg-type]
        out.seek(0)
        stored = platform.store.put(key, out, content_type=deck_type(name))
    finish_assemble(
        platform.db,
        claim,
        result_key=key,
        size_bytes=stored.size_bytes,
        sha256=sha256,
        summary=_summary(found, done, result),
    )


def _summary(
    found: DeckScan, pictures: Sequence[PictureRecord], result: SwapResult
) -> dict[str, Any]:
    """Tell the sizes, and of each swapped part its ppi before and after."""
    by_part = {part: picture for picture in pictures for part in picture.parts}
    scanned = {picture.part: picture for picture in found.pictures}
    swapped = []
    for swap_ in result.swapped:
        picture, before = by_part[swap_.part], scanned[swap_.part]
        enlarged = detail_gain(before, picture.result_width_px or 0)
        ppi = before.effective_ppi
        share = _screen_share(found, before)
        swapped.append(
            {
                "part": swap_.part,
                "new_part": swap_.new_part,
                "sharpness_hd_before": share and round(share, 3),
                "sharpness_hd_after": share and round(share * enlarged, 3),
                "ppi_before": ppi and round(ppi, 1),
                "ppi_after": ppi and round(ppi * enlarged, 1),
                "bytes_before": swap_.bytes_before,
                "bytes_after": swap_.bytes_after,
            }
        )
    return {
        "enhanced": bool(swapped),
        "pictures": swapped,
        "left": [{"part": part, "reason": reason} for part, reason in result.left],
        "bytes_before": result.bytes_before,
        "bytes_after": result.bytes_after,
    }


def _screen_share(found: DeckScan, picture: PicturePart) -> float | None:
    """Return the picture's pixels for each of a full-HD screen, where it has the fewest."""
    used = set(picture.placements)
    shares = [one.sharpness_hd for one in found.placements if one.id in used and one.sharpness_hd]
    return min(shares, default=None)
