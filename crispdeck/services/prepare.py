"""The prepare step: find the pictures of a deck job and lay them where upscaling finds them."""

from collections.abc import Sequence

from crispdeck.deck.model import DeckScan, PicturePart, Reason, Verdict
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.records.states import Stage
from crispdeck.records.work.claims import finish_prepare
from crispdeck.records.work.values import JobClaim, NewPicture, SkippedPicture
from crispdeck.services.deck_stage import work_on_stage
from crispdeck.services.equal_pictures import EqualPictures, group_equal
from crispdeck.services.scans import kept_or_new_scan
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import picture_key


def prepare(platform: WorkerPlatform, job_id: str) -> None:
    """Scan the deck with the job's options and queue every chosen picture that is low."""
    work_on_stage(platform, job_id, Stage.PREPARE, _prepare)


def _prepare(platform: WorkerPlatform, claim: JobClaim) -> None:
    options = claim.options.scan_options(platform.settings)
    with platform.decks.deck(claim.deck_key, sha256=claim.deck_sha256) as deck:
        found = kept_or_new_scan(platform, claim.tenant_id, claim.deck_id, deck, options)
        chosen, skipped = _choose(found, claim.options.pictures)
        groups, unreadable = group_equal(deck, chosen)
        new = [_stored(platform, claim, deck, group) for group in groups]
    skipped += [_skip(each, Reason.UNREADABLE, error.message) for each, error in unreadable]
    platform.announce(finish_prepare(platform.db, claim, new, skipped))


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


def _stored(
    platform: WorkerPlatform, claim: JobClaim, deck: DeckArchive, group: EqualPictures
) -> NewPicture:
    """Put the bytes into the store, before any row points to them."""
    picture = group.pictures[0]
    blob = deck.read(picture.part)
    key = picture_key(claim.tenant_id, claim.id, group.sha256)
    platform.store.put(key, blob, content_type=picture.format.content_type)
    return NewPicture(
        parts=group.parts,
        sha256=group.sha256,
        source_key=key,
        source_format=picture.format,
        source_bytes=len(blob),
        width_px=picture.width_px or 0,
        height_px=picture.height_px or 0,
        scale=group.scale,
    )
