"""The prepare step: find the pictures of a deck job and lay them where upscaling finds them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from crispdeck.deck.model import DeckScan, PicturePart, Reason, Verdict
from crispdeck.errors import BadInputError
from crispdeck.records.states import Stage
from crispdeck.records.work.claims import finish_prepare
from crispdeck.records.work.values import JobClaim, NewPicture, SkippedPicture
from crispdeck.storage import picture_key
from worker.context import Context
from worker.steps.deck_job import local_deck, scan_of, work_on_job


def prepare(context: Context, job_id: str) -> None:
    """Scan the deck with the job's options and queue every chosen picture that is low."""
    work_on_job(context, job_id, Stage.PREPARE, _prepare)


def _prepare(context: Context, claim: JobClaim) -> None:
    with local_deck(context, claim) as deck:
        found = scan_of(context, claim, deck)
        chosen, skipped = _choose(found, claim.options.pictures)
        pictures: dict[str, NewPicture] = {}
        for picture in chosen:
            try:
                blob = deck.read(picture.part)
            except BadInputError as error:
                skipped.append(_skip(picture, Reason.UNREADABLE, error.message))
                continue
            _add(context, claim, picture, blob, pictures)
    context.announce(finish_prepare(context.db, claim, list(pictures.values()), skipped))


def _choose(
    found: DeckScan, parts: Sequence[str] | None
) -> tuple[list[PicturePart], list[SkippedPicture]]:
    """Split what was asked for (None: all that is low) into what is low and what is left alone."""
    if parts is None:
        return list(found.low), []
    known = {picture.part: picture for picture in found.pictures}
    asked = dict.fromkeys(parts)
    chosen = [known[part] for part in asked if part in known]
    skipped = [
        SkippedPicture(parts=(part,), code=Reason.MISSING) for part in asked if part not in known
    ]
    skipped += [
        _skip(picture, picture.reason or Reason.NOT_CHOSEN)
        for picture in chosen
        if picture.verdict is not Verdict.LOW
    ]
    return [picture for picture in chosen if picture.verdict is Verdict.LOW], skipped


def _skip(picture: PicturePart, reason: Reason, detail: str | None = None) -> SkippedPicture:
    return SkippedPicture(
        parts=(picture.part,),
        code=reason,
        detail=detail,
        width_px=picture.width_px,
        height_px=picture.height_px,
    )


def _add(
    context: Context,
    claim: JobClaim,
    picture: PicturePart,
    blob: bytes,
    pictures: dict[str, NewPicture],
) -> None:
    """Store the picture's bytes and note its row; equal bytes share one, at the larger scale."""
    if picture.width_px is None or picture.height_px is None or picture.scale is None:
        raise ValueError(f"the scan calls {picture.part} low but does not know its size")
    sha256 = hashlib.sha256(blob).hexdigest()
    if twin := pictures.get(sha256):
        parts = (*twin.parts, picture.part)
        pictures[sha256] = replace(twin, parts=parts, scale=max(twin.scale, picture.scale))
        return
    key = picture_key(claim.tenant_id, claim.id, sha256)
    context.store.put(key, blob, content_type=f"image/{picture.format}")
    pictures[sha256] = NewPicture(
        parts=(picture.part,),
        sha256=sha256,
        source_key=key,
        source_format=picture.format,
        source_bytes=len(blob),
        width_px=picture.width_px,
        height_px=picture.height_px,
        scale=picture.scale,
    )
