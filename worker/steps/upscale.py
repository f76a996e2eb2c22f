"""The upscale step: claim pictures of one size, make them sharp, keep the results; fenced."""

import logging
from collections.abc import Iterator, Sequence

from crispdeck.errors import CrispdeckError, LostClaimError, PictureRefusedError
from crispdeck.picture.sharpened import Sharpened
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.upscales import find_upscale, remember_upscale
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import claim_pictures, finish_picture, give_back
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from crispdeck.services.failures import traceback_of
from crispdeck.storage import upscale_key
from worker.context import Context
from worker.networks.registry import choose
from worker.upscaling.pipeline import Outcome, PixelLimits, sharpen_batch, variant

logger = logging.getLogger(__name__)

End = PictureOutcome | CrispdeckError
"""How the work on a picture ended; an error may be one that passes."""


def upscale(context: Context, picture_id: str) -> None:
    """Work on the most urgent pictures that wait; the one that the message names is a hint."""
    settings = context.settings
    claims = claim_pictures(
        context.db,
        worker=context.worker,
        picture_id=picture_id,
        limit=settings.batch_pictures,
        max_px=settings.batch_px,
        lease_s=settings.lease_s,
    )
    with context.leases.holding(claims):
        fresh = [claim for claim in claims if not _finish_from_cache(context, claim)]
        for twins, end in _work(context, fresh):
            for claim in twins:
                _finish(context, claim, end)


def _finish_from_cache(context: Context, claim: PictureClaim) -> bool:
    found = find_upscale(
        context.db,
        claim.tenant_id,
        sha256=claim.sha256,
        network=_network(claim),
        scale=claim.scale,
        variant=variant(_crispness(context, claim)),
        retention_days=context.settings.retention_days,
    )
    if found is None:
        return False
    done = PictureOutcome(
        state=PictureState.DONE,
        result_key=found.object_key,
        result_format=found.format,
        width_px=found.width_px,
        height_px=found.height_px,
        size_bytes=found.size_bytes,
        report=found.report | {"cached": True},
    )
    _finish(context, claim, done)
    return True


def _work(
    context: Context, claims: Sequence[PictureClaim]
) -> Iterator[tuple[Sequence[PictureClaim], End]]:
    """Give each distinct picture's claims and their end, each as soon as its result is stored."""
    groups: dict[tuple[str, str, float], list[PictureClaim]] = {}
    for claim in claims:
        same = claim.tenant_id, claim.sha256, _crispness(context, claim)
        groups.setdefault(same, []).append(claim)
    loaded: list[tuple[list[PictureClaim], bytes]] = []
    for twins in groups.values():
        try:
            loaded.append((twins, context.store.read(twins[0].source_key)))
        except CrispdeckError as error:
            yield twins, error
    for crispness in sorted({_crispness(context, twins[0]) for twins, _ in loaded}):
        alike = [each for each in loaded if _crispness(context, each[0][0]) == crispness]
        outcomes = _sharpen_apart(context, [blob for _, blob in alike], claims, crispness)
        for (twins, _), outcome in zip(alike, outcomes, strict=True):
            yield twins, _keep(context, twins[0], outcome)


def _sharpen_apart(
    context: Context, blobs: Sequence[bytes], claims: Sequence[PictureClaim], crispness: float
) -> list[Outcome]:
    """Sharpen in one call; a failure that nobody foresaw must not cost the neighbours theirs."""
    limits = PixelLimits.of(context.settings)
    try:
        return sharpen_batch(blobs, claims[0].scale, context.upscaler, limits, crispness)
    except CrispdeckError as error:  # the network could not be loaded: all share this reason
        return [error] * len(blobs)
    except Exception as error:
        logger.exception("upscaling failed for %s", ", ".join(claim.id for claim in claims))
        if len(blobs) == 1:
            broken = CrispdeckError(f"The upscaling broke off: {type(error).__name__}.")
            broken.__cause__ = error
            return [broken]
        return [one for blob in blobs for one in _sharpen_apart(context, [blob], claims, crispness)]


def _keep(context: Context, claim: PictureClaim, outcome: Outcome) -> End:
    """Put the result into the store and then into the cache, before any row points to it."""
    if not isinstance(outcome, Sharpened):
        return outcome
    network = _network(claim)
    key = upscale_key(
        claim.tenant_id,
        claim.sha256,
        network.replace("@", "-"),  # no letter of a key
        claim.scale,
        variant(_crispness(context, claim)),
        new_id(),
    )
    content_type = f"image/{outcome.format}"
    try:
        stored = context.store.put(key, outcome.blob, content_type=content_type)
    except CrispdeckError as error:
        return error
    remember_upscale(
        context.db,
        claim.tenant_id,
        sha256=claim.sha256,
        network=network,
        scale=claim.scale,
        variant=variant(_crispness(context, claim)),
        object_key=key,
        format=outcome.format,
        width_px=outcome.width_px,
        height_px=outcome.height_px,
        size_bytes=stored.size_bytes,
        report=outcome.report,
        retention_days=context.settings.retention_days,
    )
    return PictureOutcome(
        state=PictureState.DONE,
        result_key=key,
        result_format=outcome.format,
        width_px=outcome.width_px,
        height_px=outcome.height_px,
        size_bytes=stored.size_bytes,
        report=outcome.report,
    )


def _finish(context: Context, claim: PictureClaim, end: End) -> None:
    if isinstance(end, CrispdeckError) and end.retryable:
        logger.warning("picture %s is given back: %s", claim.id, end)
        most = context.settings.max_attempts
        context.announce(
            give_back(context.db, [claim], counted=True, max_attempts=most, code=end.code)
        )
        return
    try:
        context.announce(finish_picture(context.db, claim, _final(end)))
    except LostClaimError as error:
        logger.info("a late result is dropped: %s", error)


def _final(end: End) -> PictureOutcome:
    """Leave alone what cannot be read; whatever else goes wrong is a failure."""
    if isinstance(end, PictureOutcome):
        return end
    refused = isinstance(end, PictureRefusedError)
    state = PictureState.SKIPPED if refused else PictureState.FAILED
    return PictureOutcome(
        state=state, code=end.code, detail=end.message, traceback=traceback_of(end)
    )


def _network(claim: PictureClaim) -> str:
    return choose(claim.width_px, claim.height_px, 2 if claim.scale <= 2 else 4).label


def _crispness(context: Context, claim: PictureClaim) -> float:
    """Give what the job asked for, or else what is set here."""
    return context.settings.crispness if claim.crispness is None else claim.crispness
