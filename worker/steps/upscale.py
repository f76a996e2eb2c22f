"""The upscale step: claim pictures of one size, make them sharp, keep the results; fenced.

Whatever goes wrong with a picture ends that picture, with a code, and no other. What was away
(the store, the database) is no fault of the picture: it waits.
"""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from crispdeck.errors import (
    CrispdeckError,
    DamagedObjectError,
    ObjectMissingError,
    PictureRefusedError,
    RecordsError,
    TimeLimitError,
)
from crispdeck.json_lines import about
from crispdeck.picture.sharpened import Sharpened
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.upscales import find_upscale, forget_upscale, remember_upscale
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import claim_pictures, finish_pictures, give_back
from crispdeck.records.work.remaking import make_again
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from crispdeck.services.failures import traceback_of
from crispdeck.services.outages import patiently
from crispdeck.storage import read_checked, sha256_of, upscale_key
from worker.budget import TimeIsUp, budget
from worker.context import Context
from worker.networks.registry import labels
from worker.upscaling.inputs import CELLS
from worker.upscaling.pipeline import Outcome, PixelLimits, sharpen_batch, variant

logger = logging.getLogger(__name__)


class _Manner(NamedTuple):
    """How pictures are made; those of one manner go into one call."""

    crispness: float
    strip: bool

    @property
    def variant(self) -> str:
        """Its part of a kept result's key."""
        return variant(self.crispness, strip=self.strip)


End = PictureOutcome | CrispdeckError
"""How the work on a picture ended; an error may be one that passes."""

TOLD_EVERY_S = 1.0
"""Ends are written together, for each writing costs as much as ten ends do; but nobody who looks
on shall see a result later than this."""

TASK_S = 480.0
"""After so long in one task no picture is begun: the queue cuts a task off after 540 s."""


def upscale(context: Context, picture_id: str) -> None:
    """Work on the most urgent pictures that wait; the one that the message names is a hint."""
    settings = context.settings
    if context.outages.rests:
        return  # the sweeper announces what waits again
    asked_at = time.time()
    claims = claim_pictures(
        context.db,
        worker=context.worker,
        picture_id=picture_id,
        limit=settings.batch_pictures,
        max_px=settings.batch_px,
        lease_s=settings.lease_s,
        max_attempts=settings.max_attempts,
    )
    if not claims and not context.is_drained():
        context.queue.forget_stale(before=asked_at)
        return
    with context.leases.holding(claims):
        left = {claim.id: claim for claim in claims}
        ends: list[tuple[PictureClaim, End]] = []
        last_written = time.monotonic()
        try:
            for some, end in _ends(context, claims):
                ends += [(left.pop(claim.id), end) for claim in some]
                if time.monotonic() - last_written > TOLD_EVERY_S:
                    _finish(context, ends)
                    ends, last_written = [], time.monotonic()
        except RecordsError as error:
            ends += [(claim, error) for claim in left.values()]
        except Exception as error:
            logger.exception("the work on %s broke off", ", ".join(left))
            broken = CrispdeckError(
                f"The work failed with an unexpected error: {type(error).__name__}."
            )
            broken.__cause__ = error
            ends += [(claim, broken) for claim in left.values()]
        _finish(context, ends)


def _ends(
    context: Context, claims: Sequence[PictureClaim]
) -> Iterator[tuple[Sequence[PictureClaim], End]]:
    """Give each distinct picture's claims and their end, as soon as its result is stored."""
    fresh = []
    for claim in claims:
        found = _from_cache(context, claim)
        if found is None:
            fresh.append(claim)
        else:
            yield [claim], found
    yield from _work(context, fresh)


def _from_cache(context: Context, claim: PictureClaim) -> End | None:
    """Use an upscale that is there; one that is damaged is made anew, with an event."""
    found = find_upscale(
        context.db,
        claim.tenant_id,
        sha256=claim.sha256,
        networks=_networks(),
        scale=claim.scale,
        variant=_manner(context, claim).variant,
        retention_days=context.settings.retention_days,
    )
    if found is None:
        return None
    try:
        blob = read_checked(
            context.store,
            found.object_key,
            sha256=found.object_sha256,
            size_bytes=found.size_bytes,
        )
    except (DamagedObjectError, ObjectMissingError) as error:
        logger.warning("an upscale is made again: %s", error)
        forget_upscale(context.db, found.object_key)
        make_again(context.db, claim, code=error.code)
        return None
    except CrispdeckError as error:
        return error
    return PictureOutcome(
        state=PictureState.DONE,
        result_key=found.object_key,
        result_format=found.format,
        width_px=found.width_px,
        height_px=found.height_px,
        size_bytes=found.size_bytes,
        sha256=found.object_sha256 or sha256_of(blob),
        report=found.report | {"cached": True},
    )


def _work(
    context: Context, claims: Sequence[PictureClaim]
) -> Iterator[tuple[Sequence[PictureClaim], End]]:
    """Give each distinct picture's claims and their end, each as soon as its result is stored."""
    groups: dict[tuple[str, str, _Manner], list[PictureClaim]] = {}
    for claim in claims:
        same = claim.tenant_id, claim.sha256, _manner(context, claim)
        groups.setdefault(same, []).append(claim)
    loaded: list[tuple[list[PictureClaim], bytes]] = []
    for twins in groups.values():
        try:
            loaded.append((twins, _source(context, twins[0])))
        except CrispdeckError as error:
            yield twins, error
    deadline = time.monotonic() + TASK_S
    for manner in sorted({_manner(context, twins[0]) for twins, _ in loaded}):
        alike = [each for each in loaded if _manner(context, each[0][0]) == manner]
        blobs = [blob for _, blob in alike]
        outcomes = _sharpen_apart(context, blobs, claims, manner, deadline)
        for (twins, _), outcome in zip(alike, outcomes, strict=True):
            yield twins, _keep(context, twins[0], outcome)


def _source(context: Context, claim: PictureClaim) -> bytes:
    return read_checked(
        context.store, claim.source_key, sha256=claim.sha256, size_bytes=claim.source_bytes
    )


def _sharpen_apart(
    context: Context,
    blobs: Sequence[bytes],
    claims: Sequence[PictureClaim],
    manner: _Manner,
    deadline: float,
) -> list[Outcome]:
    """Sharpen in one call; a failure that nobody foresaw must not cost the neighbours theirs."""
    outcomes = _sharpen_together(context, blobs, claims, manner, deadline)
    if outcomes is not None:
        return outcomes
    return [
        one for blob in blobs for one in _sharpen_apart(context, [blob], claims, manner, deadline)
    ]


def _sharpen_together(
    context: Context,
    blobs: Sequence[bytes],
    claims: Sequence[PictureClaim],
    manner: _Manner,
    deadline: float,
) -> list[Outcome] | None:
    """Sharpen in one call; None where one of several has failed, nobody knows which."""
    allowed_s, left_s = context.settings.picture_seconds, deadline - time.monotonic()
    reason: CrispdeckError = _NotBegunError(
        "The pictures before it in its group took all the time there was."
    )
    if left_s < 1:
        return [reason] * len(blobs)
    try:
        with budget(min(allowed_s, left_s)):
            limits = PixelLimits.of(context.settings)
            return sharpen_batch(
                blobs,
                claims[0].scale,
                context.upscaler,
                limits,
                manner.crispness,
                strip=manner.strip,
            )
    except TimeIsUp:
        if left_s >= allowed_s:
            reason = TimeLimitError(f"The picture was not done within {allowed_s:g} seconds.")
    except CrispdeckError as error:  # the network could not be loaded: all share this reason
        return [error] * len(blobs)
    except Exception as error:
        logger.exception("upscaling failed for %s", ", ".join(claim.id for claim in claims))
        reason = CrispdeckError(
            f"The upscaling failed with an unexpected error: {type(error).__name__}."
        )
        reason.__cause__ = error
    return [reason] if len(blobs) == 1 else None


class _NotBegunError(CrispdeckError):
    """Others of the same call took all the time; the next worker begins with this one."""

    code = "worker_stopped"


def _keep(context: Context, claim: PictureClaim, outcome: Outcome) -> End:
    """Put the result into the store and then into the cache, before any row points to it."""
    if not isinstance(outcome, Sharpened):
        return outcome
    network = outcome.report["chosen"]
    key = upscale_key(
        claim.tenant_id,
        claim.sha256,
        network.replace("@", "-"),  # no letter of a key
        claim.scale,
        _manner(context, claim).variant,
        new_id(),
    )
    content_type = outcome.format.content_type
    sha256 = sha256_of(outcome.blob)
    try:
        stored = context.store.put(key, outcome.blob, content_type=content_type)
    except CrispdeckError as error:
        return error
    patiently(
        lambda: remember_upscale(
            context.db,
            claim.tenant_id,
            sha256=claim.sha256,
            network=network,
            scale=claim.scale,
            variant=_manner(context, claim).variant,
            object_key=key,
            object_sha256=sha256,
            format=outcome.format,
            width_px=outcome.width_px,
            height_px=outcome.height_px,
            size_bytes=stored.size_bytes,
            report=outcome.report,
            retention_days=context.settings.retention_days,
        )
    )
    return PictureOutcome(
        state=PictureState.DONE,
        result_key=key,
        result_format=outcome.format,
        width_px=outcome.width_px,
        height_px=outcome.height_px,
        size_bytes=stored.size_bytes,
        sha256=sha256,
        report=outcome.report,
    )


def _finish(context: Context, ends: Sequence[tuple[PictureClaim, End]]) -> None:
    """Write how pictures ended, however long the database is away meanwhile."""
    context.leases.release_lease([claim for claim, _ in ends])
    final: list[tuple[PictureClaim, PictureOutcome]] = []
    for claim, end in ends:
        if isinstance(end, _NotBegunError):
            context.announce(patiently(partial(give_back, context.db, [claim], counted=False)))
        elif isinstance(end, CrispdeckError) and end.retryable:
            context.announce(context.outages.put_off([claim], end))
        else:
            final.append((claim, _final(end)))
    if not final:
        return
    lost, wakeups = patiently(lambda: finish_pictures(context.db, final))
    for claim, outcome in final:
        _tell(claim, outcome)
    if lost:
        logger.info("late results are dropped: %s", ", ".join(sorted(lost)))
    if len(final) == len(ends):
        context.outages.over()
    context.announce(wakeups)


def _tell(claim: PictureClaim, outcome: PictureOutcome) -> None:
    """Write one line for each picture, by which it is found from its job and its tenant."""
    with about(picture=claim.id, job=claim.job_id, tenant=claim.tenant_id):
        line = {
            "event": "picture",
            "state": outcome.state.value,
            "code": outcome.code,
            "attempt": claim.attempts,
            "queue": claim.queue.value,
        }
        logger.info("%s", json.dumps(line))


def _final(end: End) -> PictureOutcome:
    """Leave alone what cannot be read; whatever else goes wrong is a failure."""
    if isinstance(end, PictureOutcome):
        return end
    refused = isinstance(end, PictureRefusedError)
    state = PictureState.SKIPPED if refused else PictureState.FAILED
    return PictureOutcome(
        state=state, code=end.code, detail=end.message, traceback=traceback_of(end)
    )


def _networks() -> frozenset[str]:
    """Name all that may be chosen: what was enlarged before grows by other factors than asked."""
    return labels() | {CELLS}


def _manner(context: Context, claim: PictureClaim) -> _Manner:
    """Give what the job asked for, or else what is set here."""
    crispness = context.settings.crispness if claim.crispness is None else claim.crispness
    return _Manner(crispness, claim.strip)
